using System.Text.Json;
using ClipiaFlows.Azurite.Tests.Commands;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

[Collection(SharedStackUsers.Name)]
public sealed class RunCommandTests(SharedStackFixture shared)
{
    private readonly string _url = shared.Running.Local.AppUrl.AbsoluteUri;

    [Fact]
    public async Task Run_JsonAndDownload_PrintsTheAppsAnswerOnlyAndBringsTheFiles()
    {
        using var folder = new TemporaryFolder();

        var result = await CliProcess.RunAsync(["run", Manifest(folder), "--url", _url, "--json", "--download", folder.Path]);

        Assert.True(result.ExitCode == 0, result.Errors);
        var batch = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal("Completed", batch.GetProperty("state").GetString());
        var files = Directory.GetFiles(Path.Combine(folder.Path, batch.GetProperty("id").GetString()!), "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("gallery.html", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("summary.json", StringComparison.Ordinal));
        Assert.Equal(3, files.Count(file => Path.GetExtension(file) is ".png" or ".mp4"));
    }

    [Fact]
    public async Task RunDetached_ThenStatus_FollowsItToItsEnd()
    {
        using var folder = new TemporaryFolder();

        var run = await CliProcess.RunAsync(["run", Manifest(folder), "--url", _url, "--detach"]);
        var id = run.Output.Trim();
        var status = await CliProcess.RunAsync(["status", id, "--url", _url, "--watch"]);
        var now = await CliProcess.RunAsync(["status", id, "--url", _url, "--json"]);

        Assert.Equal(0, status.ExitCode);
        Assert.Contains("3 of 3 jobs succeeded", status.Output, StringComparison.Ordinal);
        Assert.Equal(id, JsonDocument.Parse(now.Output).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Status_UnknownBatch_SaysSoAndExitsWithOne()
    {
        var result = await CliProcess.RunAsync(["status", "no-such-batch", "--url", _url]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-such-batch", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    private static string Manifest(TemporaryFolder folder)
    {
        var path = Path.Combine(folder.Path, "small.json");
        File.WriteAllBytes(path, Campaigns.Small(images: 2));
        return path;
    }
}
