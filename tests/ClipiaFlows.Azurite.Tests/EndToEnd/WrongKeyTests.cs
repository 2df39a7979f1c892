using ClipiaFlows.Azurite.Tests.Commands;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

public sealed class WrongKeyTests
{
    [Fact]
    public async Task Run_ClipiaRefusesTheApiKey_SaysSoInOneSentence()
    {
        await using var stack = await RunningStack.StartAsync(
            appSettings: new() { ["Clipia__ApiKey"] = "clipia_live_unknown0000000000000000000000" });
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "small.json");
        await File.WriteAllBytesAsync(manifest, Campaigns.ImagesOnly(1));

        var result = await CliProcess.RunAsync(["run", manifest, "--url", stack.Local.AppUrl.AbsoluteUri]);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("401 invalid_api_key. Check Clipia:ApiKey", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("clipia_live_unknown", result.Errors + result.Output, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }
}
