using System.Text.Json;
using ClipiaFlows.Azurite.Tests.Commands;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>The commands that read: lists, single jobs, results, files.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class ListCommandTests(SharedStackFixture shared) : IAsyncLifetime
{
    private readonly string _url = shared.Running.Local.AppUrl.AbsoluteUri;
    private Batch _batch = null!;

    public async Task InitializeAsync() => _batch = await shared.Running.RunAsync(Campaigns.Small(images: 2));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task List_OfTheState_ShowsTheBatchAsTableAndAsJson()
    {
        var table = await CliProcess.RunAsync(["list", "--state", "Completed", "--name", "SMALL", "--url", _url]);
        var json = await CliProcess.RunAsync(["list", "--state", "Completed", "--json", "--url", _url]);
        var none = await CliProcess.RunAsync(["list", "--tag", "season:never", "--json", "--url", _url]);
        var wrong = await CliProcess.RunAsync(["list", "--state", "Sleeping", "--url", _url]);

        Assert.Equal((0, 0, 0, 1), (table.ExitCode, json.ExitCode, none.ExitCode, wrong.ExitCode));
        Assert.Contains(_batch.Id, table.Output, StringComparison.Ordinal);
        Assert.Contains("3/3", table.Output, StringComparison.Ordinal);
        Assert.All(table.Output.Split('\n'), line => Assert.True(line.Length <= 160));
        Assert.Contains(JsonElement.Parse(json.Output).EnumerateArray(), batch => batch.GetProperty("id").GetString() == _batch.Id);
        Assert.Equal(0, JsonElement.Parse(none.Output).GetArrayLength());
        Assert.Contains("Sleeping", wrong.Errors, StringComparison.Ordinal);
        wrong.HasNoStackTrace();
    }

    [Fact]
    public async Task JobsAndJob_OfTheBatch_ShowStatesAndTimeline()
    {
        var jobs = await CliProcess.RunAsync(["jobs", _batch.Id, "--model", "nano-banana-2", "--json", "--url", _url]);
        var table = await CliProcess.RunAsync(["jobs", _batch.Id, "--url", _url]);
        var job = await CliProcess.RunAsync(["job", _batch.Id, "clip", "--url", _url]);
        var raw = await CliProcess.RunAsync(["job", _batch.Id, "clip", "--json", "--url", _url]);
        var unknown = await CliProcess.RunAsync(["job", _batch.Id, "no-such-job", "--url", _url]);

        Assert.Equal((0, 0, 0, 0, 1), (jobs.ExitCode, table.ExitCode, job.ExitCode, raw.ExitCode, unknown.ExitCode));
        Assert.Equal(2, JsonElement.Parse(jobs.Output).GetArrayLength());
        Assert.Contains("seedance-2-fast-i2v", table.Output, StringComparison.Ordinal);
        Assert.Contains("Needs: image-1", job.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["accepted", "ready", "claimed", "submitting", "generating", "delivered", "copying", "succeeded"],
            JsonElement.Parse(raw.Output).GetProperty("timeline").EnumerateArray().Select(moment => moment.GetProperty("what").GetString()));
        Assert.Contains("The boat drifts", job.Output, StringComparison.Ordinal);
        Assert.Contains("no-such-job", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultsAndDownload_OfTheBatch_BringTableLinesAndEveryFileOfTheReceipt()
    {
        using var folder = new TemporaryFolder();

        var csv = await CliProcess.RunAsync(["results", _batch.Id, "--csv", "--url", _url]);
        var json = await CliProcess.RunAsync(["results", _batch.Id, "--json", "--url", _url]);
        var download = await CliProcess.RunAsync(["download", _batch.Id, "--out", folder.Path, "--url", _url]);
        var gallery = await CliProcess.RunAsync(["gallery", _batch.Id, "--url", _url]);

        Assert.True(download.ExitCode == 0, download.Errors);
        Assert.Equal((0, 0, 0), (csv.ExitCode, json.ExitCode, gallery.ExitCode));
        Assert.Equal(4, csv.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(3, json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var target = Path.Combine(folder.Path, _batch.Id);
        Assert.All(["gallery.html", "results.jsonl", "errors.jsonl", "results.csv", "summary.json"], file => Assert.True(File.Exists(Path.Combine(target, file)), file));
        var summary = JsonElement.Parse(await File.ReadAllBytesAsync(Path.Combine(target, "summary.json")));
        Assert.True(summary.GetProperty("reconciliation").GetProperty("matches").GetBoolean(), summary.ToString());
        Assert.Equal(_batch.Credits.Charged, summary.GetProperty("reconciliation").GetProperty("chargedByJobs").GetDecimal());
        Assert.Equal($"{_url}api/batches/{_batch.Id}/gallery", gallery.Output.Trim());
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("results")]
    [InlineData("download")]
    [InlineData("gallery")]
    public async Task Command_UnknownBatch_SaysSoAndExitsWithOne(string command)
    {
        var result = await CliProcess.RunAsync([command, "no-such-batch", "--url", _url]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-such-batch", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }
}
