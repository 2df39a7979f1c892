using Clipia;
using ClipiaFlows.Media;
using ClipiaFlows.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Media;

/// <summary>The fetcher against a media host that lies, over a real socket.</summary>
public sealed class MediaFetcherTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[2000]];
    private readonly TaskCompletionSource _opened = new();
    private readonly TaskCompletionSource _hungUp = new();
    private WebApplication _host = null!;
    private Uri _origin = null!;

    public async Task InitializeAsync()
    {
        _host = await LoopbackHost.StartAsync(host =>
        {
            host.MapGet("/good.png", () => Results.Bytes(Png, "image/png"));
            host.MapGet("/page.png", () => Results.Text("<html>not a picture</html>", "image/png"));
            host.MapGet("/lying.png", () => Results.Bytes(Png, "text/html"));
            host.MapGet("/empty.png", () => Results.Bytes([], "image/png"));
            host.MapGet("/zipped.png", (HttpResponse response) =>
            {
                response.Headers.ContentEncoding = "gzip";
                return Results.Bytes(Png, "image/png");
            });
            host.MapGet("/called", (string? type, string? encoding, HttpResponse response) =>
            {
                if (encoding is not null)
                    response.Headers.ContentEncoding = encoding;
                response.Headers.ContentType = type;
                return response.Body.WriteAsync(Png).AsTask();
            });
            host.MapGet("/other", (string type, string text) => Results.Text(text, type));
            host.MapGet("/busy.png", (HttpResponse response) =>
            {
                response.Headers.RetryAfter = "90";
                return Results.StatusCode(429);
            });
            host.MapGet("/cut.png", async (HttpContext context) =>
            {
                context.Response.ContentType = "image/png";
                context.Response.ContentLength = Png.Length * 2;
                await context.Response.Body.WriteAsync(Png);
                await context.Response.Body.FlushAsync();
                await _opened.Task;
                context.Abort();
            });
            host.MapGet("/stalled.png", async (HttpContext context) =>
            {
                context.Response.ContentType = "image/png";
                await context.Response.Body.WriteAsync(Png);
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            });
            host.MapGet("/silent.png", (HttpContext context) =>
                Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
            host.MapGet("/endless.png", async (HttpContext context) =>
            {
                context.Response.ContentType = "image/png";
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(Png);
            });
            host.MapGet("/endless.html", async (HttpContext context) =>
            {
                context.RequestAborted.Register(_hungUp.SetResult);
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.WriteAsync("<html>");
            });
            host.MapGet("/moved.png", () => Results.Redirect("/good.png"));
            host.MapGet("/inward.png", () => Results.Redirect("http://169.254.169.254/latest/meta-data"));
            host.MapGet("/neighbour.png", () => Results.Redirect($"http://127.0.0.1:{(_origin.Port == 9 ? 10 : 9)}/x.png"));
            host.MapGet("/round.png", () => Results.Redirect("/round.png"));
            host.MapGet("/missing.png", () => Results.NotFound());
            host.MapGet("/broken.png", () => Results.StatusCode(503));
            host.MapGet("/gone.png", () => Results.StatusCode(410));
            host.MapGet("/status/{status:int}", (int status, HttpResponse response) =>
            {
                response.Headers.Location = "/good.png";
                return Results.StatusCode(status);
            });
            host.MapGet("/redirects/{left:int}", (int left) => Results.Redirect(left == 1 ? "/good.png" : $"/redirects/{left - 1}"));
            host.MapGet("/bytes/{count:int}", (int count) => Results.Bytes([.. Png, .. new byte[count - Png.Length]], "image/png"));
            host.MapGet("/unsized/{count:int}", async (int count, HttpContext context) =>
            {
                context.Response.ContentType = "image/png";
                await context.Response.Body.WriteAsync((byte[])[.. Png, .. new byte[count - Png.Length]]);
            });
        });
        _origin = new Uri(_host.Urls.Single());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("good.png")]
    [InlineData("moved.png")]
    [InlineData("redirects/3")]
    [InlineData("status/300")]
    [InlineData("status/399")]
    public async Task Open_Picture_GivesItsTypeAndAllBytes(string path)
    {
        await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, path), CancellationToken.None);

        Assert.Equal("image/png", fetched.Type.ContentType);
        Assert.Equal(Png, await ReadAsync(fetched.Content));
    }

    /// <summary>What a host says of a file is no reason to lose it, as long as it is none of something else.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData("image/png", "identity")]
    [InlineData("image/png", "Identity")]
    [InlineData("image/png", "")]
    [InlineData("image/png", "aws-chunked")]
    [InlineData("image/png", "aws-chunked,identity")]
    [InlineData("IMAGE/PNG; charset=binary", null)]
    [InlineData("image/x-png", null)]
    [InlineData("application/png", null)]
    [InlineData("application/x-png", null)]
    [InlineData("Application/Octet-Stream", null)]
    [InlineData("binary/octet-stream", "aws-chunked")]
    [InlineData("application/force-download", null)]
    [InlineData("text/plain; charset=utf-8", null)]
    public async Task Open_PictureUnderAnotherName_IsTaken(string? type, string? encoding)
    {
        var query = string.Join('&', new[] { ("type", type), ("encoding", encoding) }
            .Where(one => one.Item2 is not null).Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));

        await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, "called?" + query), CancellationToken.None);

        Assert.Equal("image/png", fetched.Type.ContentType);
        Assert.Equal(Png, await ReadAsync(fetched.Content));
    }

    [Fact]
    public async Task Open_HostThatAsksToWait_SaysForHowLong()
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(() => Fetcher().OpenAsync(new Uri(_origin, "busy.png"), CancellationToken.None));

        Assert.Equal((true, TimeSpan.FromSeconds(90)), (refusal.MayPass, refusal.RetryAfter));
    }

    [Theory]
    [InlineData("page.png", "media_type_refused", true)]
    [InlineData("lying.png", "media_type_refused", false)]
    [InlineData("other?type=text/plain&text=Slow+down,+please+try+again", "media_type_refused", true)]
    [InlineData("other?type=image/png&text=PK%03%04+and+more+than+a+signature", "media_type_refused", false)]
    [InlineData("other?type=image/svg%2Bxml&text=<svg+xmlns=''+onload='alert(1)'/>", "media_type_refused", false)]
    [InlineData("empty.png", "media_type_refused", true)]
    [InlineData("zipped.png", "media_type_refused", false)]
    [InlineData("cut.png", "media_cut_short", true)]
    [InlineData("endless.png", "media_too_large", false)]
    [InlineData("inward.png", "media_address_refused", false)]
    [InlineData("neighbour.png", "media_address_refused", false)]
    [InlineData("round.png", "media_address_refused", false)]
    [InlineData("missing.png", "media_unavailable", true)]
    [InlineData("broken.png", "media_unavailable", true)]
    [InlineData("gone.png", "media_unavailable", true)]
    [InlineData("redirects/4", "media_address_refused", false)]
    // A place to look for it means nothing outside of 3xx.
    [InlineData("status/201", "media_unavailable", true)]
    [InlineData("status/400", "media_unavailable", true)]
    [InlineData("status/401", "media_unavailable", true)]
    [InlineData("status/403", "media_unavailable", true)]
    [InlineData("status/404", "media_unavailable", true)]
    [InlineData("status/408", "media_unavailable", true)]
    [InlineData("status/410", "media_unavailable", true)]
    [InlineData("status/425", "media_unavailable", true)]
    [InlineData("status/429", "media_unavailable", true)]
    [InlineData("status/499", "media_unavailable", true)]
    [InlineData("status/500", "media_unavailable", true)]
    [InlineData("bytes/100001", "media_too_large", false)]
    [InlineData("unsized/100001", "media_too_large", false)]
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

    [Theory]
    [InlineData("status/410", "The media host answered 410.")]
    [InlineData("bytes/100001", "The file is larger than Media:MaxBytes allows (100000 bytes).")]
    [InlineData("unsized/100001", "The file is larger than Media:MaxBytes allows (100000 bytes).")]
    [InlineData("redirects/4", "The output was not fetched: more than 3 redirects.")]
    [InlineData("inward.png", "The output was not fetched: only https is fetched, not http.")]
    [InlineData("page.png", "The output was not fetched: the file is neither a picture nor a video that is known.")]
    [InlineData("lying.png", "The output was not fetched: the file is image/png but was sent as text/html.")]
    [InlineData("zipped.png", "The output was not fetched: the file came compressed, which nobody asked for.")]
    public async Task Open_AnythingElse_SaysWhy(string path, string message)
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(async () =>
        {
            await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, path), CancellationToken.None);
            await ReadAsync(fetched.Content);
        });

        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public async Task Open_AnnouncedToBeTooLarge_IsRefusedBeforeItIsRead()
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(() => Fetcher().OpenAsync(new Uri(_origin, "bytes/100001"), CancellationToken.None));

        Assert.Equal("media_too_large", refusal.Code);
    }

    [Fact]
    public async Task Open_FileThatIsRefused_ClosesTheConnection()
    {
        await Assert.ThrowsAsync<MediaException>(() => Fetcher().OpenAsync(new Uri(_origin, "endless.html"), CancellationToken.None));

        await _hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("bytes/100000")]
    [InlineData("unsized/100000")]
    public async Task Open_FileOfTheMostBytes_IsTakenWhole(string path)
    {
        await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, path), CancellationToken.None);

        Assert.Equal(100_000, (await ReadAsync(fetched.Content)).Length);
    }

    [Fact]
    public async Task Open_Content_CanOnlyBeReadOnceFromItsStart()
    {
        await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, "good.png"), CancellationToken.None);
        var content = fetched.Content;

        Assert.Equal((true, false, false, 0), (content.CanRead, content.CanSeek, content.CanWrite, content.Position));
        Assert.Equal(0, await content.ReadAsync(Memory<byte>.Empty));
        var three = new byte[3];
        await content.ReadExactlyAsync(three);
        Assert.Equal(Png[..3], three);
        Assert.Equal(3, content.Position);
        Assert.Equal(Png[3..], await ReadAsync(content));
    }

    [Fact]
    public async Task Open_CallerGivesUp_IsNoFaultOfTheHost()
    {
        using var giveUp = new CancellationTokenSource();
        await using var fetched = await Fetcher().OpenAsync(new Uri(_origin, "stalled.png"), giveUp.Token);
        var reading = fetched.Content.CopyToAsync(Stream.Null, giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fetcher().OpenAsync(new Uri(_origin, "good.png"), giveUp.Token));
    }

    [Fact]
    public async Task Open_HostThatStopsSending_MayPass()
    {
        // Long enough to open it on a busy machine.
        await using var fetched = await Fetcher(timeoutSeconds: 6).OpenAsync(new Uri(_origin, "stalled.png"), CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<MediaException>(() => ReadAsync(fetched.Content));

        Assert.Equal(
            ("media_cut_short", true, "The file did not arrive in the time that Media:TimeoutSeconds allows."),
            (refusal.Code, refusal.MayPass, refusal.Message));
    }

    [Fact]
    public async Task Open_HostThatDoesNotAnswerInTime_MayPass()
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(
            () => Fetcher(timeoutSeconds: 1).OpenAsync(new Uri(_origin, "silent.png"), CancellationToken.None));

        Assert.Equal(("media_unavailable", true, "The media host did not answer in time."), (refusal.Code, refusal.MayPass, refusal.Message));
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

    private MediaFetcher Fetcher(int timeoutSeconds = 60)
    {
        var options = Options.Create(new MediaOptions { MaxBytes = 100_000, TimeoutSeconds = timeoutSeconds });
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
