using Clipia;
using ClipiaFlows.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Media;

/// <summary>The fetcher against a media host that lies, over a real socket.</summary>
public sealed class MediaFetcherTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[2000]];
    private readonly TaskCompletionSource _opened = new();
    private WebApplication _host = null!;
    private Uri _origin = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _host = builder.Build();
        _host.MapGet("/good.png", () => Results.Bytes(Png, "image/png"));
        _host.MapGet("/page.png", () => Results.Text("<html>not a picture</html>", "image/png"));
        _host.MapGet("/lying.png", () => Results.Bytes(Png, "text/html"));
        _host.MapGet("/empty.png", () => Results.Bytes([], "image/png"));
        _host.MapGet("/zipped.png", (HttpResponse response) =>
        {
            response.Headers.ContentEncoding = "gzip";
            return Results.Bytes(Png, "image/png");
        });
        _host.MapGet("/cut.png", async (HttpContext context) =>
        {
            context.Response.ContentType = "image/png";
            context.Response.ContentLength = Png.Length * 2;
            await context.Response.Body.WriteAsync(Png);
            await context.Response.Body.FlushAsync();
            await _opened.Task;
            context.Abort();
        });
        _host.MapGet("/stalled.png", async (HttpContext context) =>
        {
            context.Response.ContentType = "image/png";
            await context.Response.Body.WriteAsync(Png);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        _host.MapGet("/endless.png", async (HttpContext context) =>
        {
            context.Response.ContentType = "image/png";
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(Png);
        });
        _host.MapGet("/moved.png", () => Results.Redirect("/good.png"));
        _host.MapGet("/inward.png", () => Results.Redirect("http://169.254.169.254/latest/meta-data"));
        _host.MapGet("/neighbour.png", () => Results.Redirect($"http://127.0.0.1:{(_origin.Port == 9 ? 10 : 9)}/x.png"));
        _host.MapGet("/round.png", () => Results.Redirect("/round.png"));
        _host.MapGet("/missing.png", () => Results.NotFound());
        _host.MapGet("/broken.png", () => Results.StatusCode(503));
        _host.MapGet("/gone.png", () => Results.StatusCode(410));
        await _host.StartAsync();
        _origin = new Uri(_host.Urls.Single());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("good.png")]
    [InlineData("moved.png")]
    public async Task Open_Picture_GivesItsTypeAndAllBytes(string path)
    {
        await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, path), CancellationToken.None);

        Assert.Equal("image/png", fetched.Type.ContentType);
        Assert.Equal(Png, await ReadAsync(fetched.Content));
    }

    [Theory]
    [InlineData("page.png", "media_type_refused", false)]
    [InlineData("lying.png", "media_type_refused", false)]
    [InlineData("empty.png", "media_type_refused", false)]
    [InlineData("zipped.png", "media_type_refused", false)]
    [InlineData("cut.png", "media_cut_short", true)]
    [InlineData("stalled.png", "media_cut_short", true)]
    [InlineData("endless.png", "media_too_large", false)]
    [InlineData("inward.png", "media_address_refused", false)]
    [InlineData("neighbour.png", "media_address_refused", false)]
    [InlineData("round.png", "media_address_refused", false)]
    [InlineData("missing.png", "media_unavailable", true)]
    [InlineData("broken.png", "media_unavailable", true)]
    [InlineData("gone.png", "media_unavailable", false)]
    public async Task Open_AnythingElse_IsRefusedWithACode(string path, string code, bool mayPass)
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(async () =>
        {
            await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, path), CancellationToken.None);
            _opened.SetResult();
            await ReadAsync(fetched.Content);
        });

        Assert.Equal((code, mayPass), (refusal.Code, refusal.MayPass));
    }

    [Fact]
    public async Task Open_NobodyListens_MayPass()
    {
        await _host.StopAsync();

        var refusal = await Assert.ThrowsAsync<MediaException>(() =>
            Fetcher().OpenAsync(new Uri(_origin, "good.png"), CancellationToken.None));

        Assert.Equal(("media_unavailable", true), (refusal.Code, refusal.MayPass));
    }

    [Theory]
    [InlineData("https://127.0.0.1/good.png")]
    [InlineData("https://localhost/good.png")]
    [InlineData("https://[::1]/good.png")]
    [InlineData("https://2130706433/good.png")]
    [InlineData("https://0x7f.1/good.png")]
    public async Task Open_AllowedHostThatIsOurOwnMachine_IsRefusedAtTheConnection(string address)
    {
        var source = new MediaSource(
            Options.Create(new MediaOptions { AllowedHosts = "127.0.0.1 localhost [::1] ::1" }), Options.Create(new ClipiaClientOptions()));
        using var http = new HttpClient(GuardedConnection.CreateHandler(source));
        var fetcher = new MediaFetcher(http, source, Options.Create(new MediaOptions()));

        var refusal = await Assert.ThrowsAsync<MediaException>(() => fetcher.OpenAsync(new Uri(address), CancellationToken.None));

        Assert.Equal("media_address_refused", refusal.Code);
        Assert.Contains("not public", refusal.Message, StringComparison.Ordinal);
    }

    private MediaFetcher Fetcher()
    {
        var options = Options.Create(new MediaOptions { MaxBytes = 100_000, TimeoutSeconds = 3 });
        var source = new MediaSource(options, Options.Create(new ClipiaClientOptions { BaseUrl = _origin }));
        return new MediaFetcher(new HttpClient(GuardedConnection.CreateHandler(source)), source, options);
    }

    private static async Task<byte[]> ReadAsync(Stream content)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
