using System.Globalization;
using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Everything under /v1: key, request rate, route, answer, log. Whatever happens, the answer is JSON.</summary>
internal sealed partial class ApiEndpoint(
    IReadOnlyList<ApiRoute> routes, KeyRing keys, Scenarios scenarios, GenerationDesk desk, WebhookSender webhooks,
    CallLog calls, TimeProvider time, ILogger log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var at = time.GetUtcNow();
        var segments = ApiPath.SegmentsOf(http);
        var route = routes.FirstOrDefault(route => route.Method == http.Request.Method && route.Matches(segments));
        var key = keys.Authenticate(http.Request.Headers);
        Reply reply;
        try
        {
            if (key is null)
            {
                // Nobody's allowance: what a key has by default, untouched.
                Tell(http, new(true, KeyRing.DefaultRequestsPerMinute, KeyRing.DefaultRequestsPerMinute, RequestRate.WindowSeconds));
                reply = Errors.InvalidApiKey;
            }
            else
            {
                reply = await AnswerAsync(http, key, route, segments);
            }
        }
        catch (BadHttpRequestException)
        {
            reply = Errors.InvalidRequest("The request could not be read.");
        }
        catch (Exception failure)
        {
            log.LogError(failure, "A call failed unexpectedly.");
            reply = Errors.Internal;
        }

        calls.Add(new(at, http.Request.Method, http.Request.Path.Value ?? "", reply.Status, key?.Prefix), route?.Template ?? "(none)");
        Called(log, http.Request.Method, route?.Template ?? "(none)", reply.Status);
        await WriteAsync(http, reply);
    }

    private async Task<Reply> AnswerAsync(HttpContext http, ApiKey key, ApiRoute? route, IReadOnlyList<string> segments)
    {
        var rate = key.Rate.Take(time.GetUtcNow(), key.RequestsPerMinute);
        Tell(http, rate);
        if (!rate.Allowed)
            return Errors.RateLimited(rate.Reset);
        if (route is null)
            return Unrouted(segments);

        var call = new ApiCall(http, key, segments);
        var occasion = new Occasion(ModelOf(call), key, route.Name);
        if (scenarios.Match(Effects.ResetBefore, occasion) is not null)
            return Reply.Cut;
        if (scenarios.Match(Effects.Throttle, occasion) is { } throttle)
            return Errors.RateLimited(throttle.RetryAfter ?? 5);
        if (scenarios.Match(Effects.ServerError, occasion) is { } error)
            return Errors.Of(error);

        var reply = await route.Handle(call);
        var spoiled = Effects.OnAnswers.Select(effect => scenarios.Match(effect, occasion)).FirstOrDefault(rule => rule is not null);
        return reply with { Reset = scenarios.Match(Effects.ResetAfter, occasion) is not null, Spoiled = spoiled };
    }

    private static void Tell(HttpContext http, RequestRate.Answer rate)
    {
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = rate.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = rate.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = rate.Reset.ToString(CultureInfo.InvariantCulture);
    }

    private Reply Unrouted(IReadOnlyList<string> segments)
    {
        var methods = string.Join(", ", routes.Where(route => route.Matches(segments)).Select(route => route.Method));
        return methods.Length > 0 ? Errors.WrongMethod(methods) : Errors.RouteNotFound;
    }

    private string? ModelOf(ApiCall call)
    {
        if (scenarios.Active.Count == 0 || call.Segments.Count < 3)
            return null;
        return call.Segments[1] == "requests" ? desk.Find(call.Argument)?.Model.Slug : call.Argument;
    }

    private async Task WriteAsync(HttpContext http, Reply reply)
    {
        if (reply.Announce is { } delivery)
        {
            http.Response.OnCompleted(() =>
            {
                delivery.FirstAt = Later(delivery.FirstAt, time.GetUtcNow() + WebhookSender.SandboxDelay);
                webhooks.Begin(delivery);
                return Task.CompletedTask;
            });
        }
        if (reply.Reset)
        {
            http.Abort();
            return;
        }

        var response = http.Response;
        response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (reply.Allow is { } allow)
            response.Headers.Allow = allow;
        var body = JsonSerializer.SerializeToUtf8Bytes(reply.Body, WireJson.Options);
        response.ContentType = "application/json";
        if (reply.Spoiled is { } spoiled)
            (body, response.ContentType, response.StatusCode) = Spoil(spoiled, body, reply.Status);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }

    /// <summary>As a proxy that runs out of memory, shows its own page, or forgets what it was told.</summary>
    private static (byte[] Body, string Type, int Status) Spoil(ScenarioRule rule, byte[] body, int status) => rule.Effect switch
    {
        Effects.TruncateAnswer => (body[..(body.Length / 2)], "application/json", status),
        Effects.HtmlAnswer => ("<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>"u8.ToArray(), "text/html", rule.Status ?? 502),
        _ => (body, "text/html", status),
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status}")]
    private static partial void Called(ILogger log, string method, string route, int status);
}
