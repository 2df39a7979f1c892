using System.Net;
using System.Net.Http.Json;
using Clipia;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Carries calls to <see cref="ApiModel"/>, or answers what the flight's script wants.</summary>
internal sealed class ApiHandler(ApiModel api, Func<Generation, Task> deliverEarly) : HttpMessageHandler
{
    /// <summary>The effect of a submission.</summary>
    public const string Submission = "submission";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var script = Flight.Current?.Script ?? "ok";
        if (path.EndsWith("/estimate", StringComparison.Ordinal))
            return Answer(request, ApiModel.Estimate());
        if (path.EndsWith("/account", StringComparison.Ordinal))
            return Answer(request, api.Account());
        if (request.Method == HttpMethod.Post)
            return await SubmitAsync(request, script, cancellationToken);
        var id = request.RequestUri.Segments[^1];
        return script switch
        {
            "lost" => throw new HttpRequestException(HttpRequestError.ConnectionError),
            "429" => Answer(request, ApiModel.Error(429, ClipiaErrorCodes.RateLimitExceeded), retryAfter: 5),
            "503" => Answer(request, ApiModel.Error(503, "service_unavailable")),
            "stale" => Answer(request, (202, new { request_id = id, status = "IN_PROGRESS" })),
            _ => Answer(request, api.Result(id)),
        };
    }

    private async Task<HttpResponseMessage> SubmitAsync(HttpRequestMessage request, string script, CancellationToken cancellation)
    {
        await Flight.Before(Submission);
        switch (script)
        {
            case "unreached": throw new HttpRequestException(HttpRequestError.ConnectionError);
            case "429": return Answer(request, ApiModel.Error(429, ClipiaErrorCodes.RateLimitExceeded), retryAfter: 5);
            case "503": return Answer(request, ApiModel.Error(503, "service_unavailable"));
            case "402": return Answer(request, ApiModel.Error(402, ClipiaErrorCodes.InsufficientCredits));
            case "422": return Answer(request, ApiModel.Error(422, "model_input_invalid"));
        }

        var known = api.Generations.Count;
        var answer = api.Submit(request.Headers.GetValues("Idempotency-Key").Single(), await request.Content!.ReadAsByteArrayAsync(cancellation));
        if (script == "early" && api.Generations.Count > known)
        {
            var accepted = api.Generations[^1];
            ApiModel.End(accepted, "COMPLETED");
            await Flight.Aside(() => deliverEarly(accepted));
            accepted.Delivery = DeliveryState.Taken;
        }

        return script switch
        {
            "lost" => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            "accepted 500" => Answer(request, ApiModel.Error(500, "internal_error")),
            _ => Answer(request, answer),
        };
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, (int Status, object Body) answer, int? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            Content = JsonContent.Create(answer.Body, answer.Body.GetType()),
            RequestMessage = request,
        };
        if (retryAfter is { } seconds)
            response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        return response;
    }
}

/// <summary>The host of the outputs.</summary>
internal sealed class MediaHandler : HttpMessageHandler
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[24]];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var status = Flight.Current?.Script switch { "503" => HttpStatusCode.ServiceUnavailable, "lost" => HttpStatusCode.Redirect, _ => HttpStatusCode.OK };
        var response = new HttpResponseMessage(status)
        {
            Content = new ByteArrayContent(Picture),
            RequestMessage = request,
        };
        // Nothing is fetched from there, now or later.
        if (status is HttpStatusCode.Redirect)
            response.Headers.Location = new Uri("http://10.0.0.1/");
        response.Content.Headers.ContentType = new("image/png");
        return Task.FromResult(response);
    }
}
