using System.Text.Json;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>A media host that refuses files which are paid for, on a clock that runs ten times as fast.</summary>
public sealed class MediaFaultTests : IAsyncLifetime
{
    private MediaProxy _proxy = null!;
    private RunningStack _stack = null!;

    public async Task InitializeAsync()
    {
        _proxy = await MediaProxy.StartAsync();
        _stack = await RunningStack.StartAsync(
            webhooks: false, clockScale: 10, appSettings: new() { ["Clipia__BaseUrl"] = _proxy.Address.AbsoluteUri.TrimEnd('/') });
        _proxy.Emulator = _stack.Local.EmulatorUrl;
    }

    public async Task DisposeAsync()
    {
        await _stack.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    /// <summary>Thirty jobs wait for their files, more than a batch copies at a time, and the others are made meanwhile.</summary>
    [Fact]
    public async Task Batch_MediaHostRefusesForAWhile_GoesOnMeanwhileAndGetsEveryFileForOnePayment()
    {
        var before = await _stack.Emulator.LedgerAsync();
        _proxy.OnMedia = http =>
        {
            http.Response.StatusCode = http.Request.Path.Value!.Length % 2 == 0 ? 403 : 410;
            return Task.CompletedTask;
        };

        var id = (await _stack.SubmitAsync(Campaigns.ImagesOnly(30))).Id;
        await _stack.WhenAsync(id, jobs => jobs.Copying == 30);
        // Only the first try tells the batch; the view may be read before it.
        Job? waiting = null;
        await Eventually.TrueAsync(
            async () => (waiting = await JobAsync(id, "image-1")).NextTryAt is not null, TimeSpan.FromMinutes(1), () => "No job says when it is tried next.");
        Assert.Equal(("Copying", "media_unavailable"), (waiting!.State, waiting.LastFailure?.Code));
        Assert.Null(waiting.Error);
        _proxy.OnMedia = null;

        var batch = await _stack.FinishAsync(id);

        await ChargedOnce.VerifyAsync(_stack, batch, before);
    }

    [Fact]
    public async Task Retry_FilesCouldNotBeFetched_FetchesThemWithoutPayingAgain()
    {
        var before = await _stack.Emulator.LedgerAsync();
        _proxy.OnMedia = http =>
        {
            http.Response.Redirect("http://10.0.0.1/");
            return Task.CompletedTask;
        };
        var batch = await _stack.RunAsync(Campaigns.ImagesOnly(1));
        Assert.Equal(1, batch.Jobs.Failed);
        Assert.Contains("--buy-again", (await JobAsync(batch.Id, "image-1")).Error!.Message, StringComparison.Ordinal);
        _proxy.OnMedia = null;

        var free = await _stack.App.PriceRetryAsync(batch.Id, null, CancellationToken.None);
        var bought = await _stack.App.PriceRetryAsync(batch.Id, new { buyAgain = true }, CancellationToken.None);
        Assert.Equal((1, 0m, 1), (free.Jobs, free.Credits, free.Collects));
        Assert.Equal((1, 0), (bought.Jobs, bought.Collects));
        Assert.True(bought.Credits > 0);
        await _stack.App.CommandAsync(HttpMethod.Post, batch.Id, "/retry", null, "collect", CancellationToken.None);
        await _stack.WhenAsync(batch.Id, jobs => jobs.Succeeded == 1);

        await ChargedOnce.VerifyAsync(_stack, await _stack.FinishAsync(batch.Id), before);
        var job = await JobAsync(batch.Id, "image-1");
        Assert.Equal((1, bought.Credits), (job.Attempt, job.Cost));
    }

    [Theory]
    [InlineData("image/png", "aws-chunked")]
    [InlineData("application/octet-stream", "identity")]
    [InlineData("image/x-png", null)]
    [InlineData(null, null)]
    public async Task Job_FileIsSentUnderAnotherName_IsKept(string? type, string? encoding)
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[200]];
        _proxy.OnMedia = async http =>
        {
            http.Response.ContentType = type;
            if (encoding is not null)
                http.Response.Headers.ContentEncoding = encoding;
            await http.Response.Body.WriteAsync(png);
        };

        var batch = await _stack.RunAsync(Campaigns.ImagesOnly(1));

        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
    }

    private async Task<Job> JobAsync(string batch, string job)
    {
        var raw = await _stack.App.GetJsonAsync(AppClient.PathOf(batch, "/jobs/" + job), CancellationToken.None);
        return raw.GetProperty("job").Deserialize<Job>(JsonSerializerOptions.Web)!;
    }
}
