using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clipia.Tests.Support;

/// <summary>A server on a real socket that gives the answers a proper Clipia never would.</summary>
public sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeRequest> _requests = new();

    private FakeApi(WebApplication app, Func<HttpContext, int, Task> answer)
    {
        _app = app;
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _requests.Enqueue(new FakeRequest(context.Request.Method, target, headers, body.ToArray()));
            await answer(context, _requests.Count);
        });
    }

    public Uri Url { get; private set; } = null!;

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>Answers the n-th request (from 1) by the n-th answer; the last one serves all further requests.</summary>
    public static Task<FakeApi> StartAsync(params Func<HttpContext, Task>[] answers) =>
        StartAsync((context, n) => answers[Math.Min(n, answers.Length) - 1](context));

    public static async Task<FakeApi> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        var api = new FakeApi(builder.Build(), answer);
        await api._app.StartAsync();
        api.Url = new Uri(api._app.Urls.Single());
        return api;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

public sealed record FakeRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);
