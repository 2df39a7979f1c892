using System.Net;
using Clipia;
using Clipia.Shared;
using ClipiaFlows.Media;
using ClipiaFlows.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Media;

/// <summary>What the handler must not do by itself: each would reach an address that nobody has checked, or tell who asks.</summary>
public sealed class GuardedConnectionTests : IAsyncLifetime
{
    private WebApplication _host = null!;
    private SocketsHttpHandler _handler = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _host = await LoopbackHost.StartAsync(host =>
        {
            host.MapGet("/moved", () => Results.Redirect("/cookies"));
            host.MapGet("/cookies", (HttpContext context) =>
            {
                context.Response.Cookies.Append("visited", "yes");
                return Results.Text(context.Request.Headers.Cookie.ToString());
            });
        });

        var origin = new Uri(_host.Urls.Single());
        _handler = GuardedConnection.CreateHandler(
            new MediaSource(Options.Create(new MediaOptions()), Options.Create(new ClipiaClientOptions { BaseUrl = origin })));
        _http = new HttpClient(_handler) { BaseAddress = origin };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        using var response = await _http.GetAsync("moved");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public async Task Send_CookieOfTheAnswerBefore_IsNotSentBack()
    {
        await _http.GetStringAsync("cookies");

        Assert.Equal("", await _http.GetStringAsync("cookies"));
    }

    [Fact]
    public async Task Send_LoopbackWithAProxyInTheEnvironment_IsDirect()
    {
        // Nothing listens there: asking it fails.
        _handler.Proxy = new EnvironmentProxy(new WebProxy("http://127.0.0.1:1"), null);

        Assert.Equal("", await _http.GetStringAsync("cookies"));
    }
}
