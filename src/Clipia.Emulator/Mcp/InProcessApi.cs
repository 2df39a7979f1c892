using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Clipia.Emulator;

/// <summary>
/// REST calls without a socket, so that a tool meets the same keys, limits, scenarios, prices and errors as everybody else.
/// </summary>
internal sealed class InProcessApi(ApiEndpoint api)
{
    /// <summary>Calls a route with the credentials and the host of another request.</summary>
    /// <exception cref="OperationCanceledException">A scenario cut the connection.</exception>
    public async Task<RestAnswer> SendAsync(HttpContext caller, string method, string path, JsonObject? body = null)
    {
        using var written = new MemoryStream();
        var features = new FeatureCollection();
        var request = new HttpRequestFeature
        {
            Method = method,
            Scheme = caller.Request.Scheme,
            Path = path,
            RawTarget = path,
            Body = new MemoryStream(Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "")),
        };
        foreach (var name in new[] { "Authorization", "X-Api-Key", "Host" })
            request.Headers[name] = caller.Request.Headers[name];
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        features.Set(caller.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>());
        features.Set(caller.Features.GetRequiredFeature<IHttpConnectionFeature>());

        var http = new DefaultHttpContext(features);
        await api.InvokeAsync(http);
        if (written.Length == 0)
            throw new OperationCanceledException("The connection was cut.");
        try
        {
            return new(http.Response.StatusCode, JsonSerializer.Deserialize<JsonElement>(written.ToArray()));
        }
        catch (JsonException)
        {
            // Spoiled by a scenario. The call may have taken effect.
            return new(StatusCodes.Status502BadGateway, JsonSerializer.SerializeToElement(Errors.Internal.Body, WireJson.Options));
        }
    }
}

internal readonly record struct RestAnswer(int Status, JsonElement Body)
{
    public bool IsError => Status >= 300;
}
