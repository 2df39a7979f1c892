using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Gives every refusal that has no body the error envelope: unknown routes, wrong methods, what the server could not read.</summary>
internal static class Envelopes
{
    public static void Use(WebApplication app, ILogger log) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException unreadable) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = unreadable.StatusCode;
        }
        catch (Exception failure) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            log.LogError(failure, "A call failed unexpectedly.");
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        var response = http.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentLength > 0)
            return;
        var body = JsonSerializer.SerializeToUtf8Bytes(For(response).Body, WireJson.Options);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(body);
    });

    private static Reply For(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status403Forbidden => Errors.ForeignOrigin,
        StatusCodes.Status404NotFound => Errors.RouteNotFound,
        StatusCodes.Status405MethodNotAllowed => Errors.WrongMethod(response.Headers.Allow.ToString()),
        >= 500 => Errors.Internal,
        _ => Errors.InvalidRequest("The request could not be read."),
    };
}
