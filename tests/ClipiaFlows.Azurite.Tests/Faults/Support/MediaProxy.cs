using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Stands between the app and the emulator as the API, and answers for media what a test wants.</summary>
internal sealed class MediaProxy : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication? _app;

    public Uri Address => new(_app!.Urls.Single());

    /// <summary>The emulator; known once the stack is there.</summary>
    public Uri? Emulator { get; set; }

    /// <summary>Answers a fetch of media, or <c>null</c> for what the emulator answers.</summary>
    public Func<HttpContext, Task>? OnMedia { get; set; }

    public static async Task<MediaProxy> StartAsync()
    {
        var proxy = new MediaProxy();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        proxy._app = builder.Build();
        proxy._app.Run(proxy.AnswerAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var isMedia = http.Request.Path.StartsWithSegments("/media");
        if (isMedia && OnMedia is { } answer)
        {
            await answer(http);
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(Emulator!, http.Request.GetEncodedPathAndQuery()));
        if (http.Request.ContentLength > 0)
            request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers.Where(header => header.Key is not "Host" and not "Content-Length"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var response = await _http.SendAsync(request);
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Where(header => header.Key is not "Transfer-Encoding"))
            http.Response.Headers.Append(name, values.ToArray());
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        if (response.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.NoContent)
            return;
        if (isMedia)
            await response.Content.CopyToAsync(http.Response.Body);
        else
            await http.Response.WriteAsync((await response.Content.ReadAsStringAsync()).Replace(Emulator!.Authority, Address.Authority, StringComparison.Ordinal));
    }
}
