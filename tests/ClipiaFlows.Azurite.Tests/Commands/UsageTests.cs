namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("", "Try: clipiaflows --help")]
    [InlineData("paint", "'paint'")]
    [InlineData("run", "'manifest'")]
    [InlineData("run there-is-no-such-file.json", "there-is-no-such-file.json")]
    [InlineData("status some-batch --url nonsense", "'nonsense' is not an http or https address.")]
    [InlineData("status", "'batch'")]
    [InlineData("resume some-batch --budget plenty", "'plenty' for option '--budget' as a number.")]
    [InlineData("list --limit 1.5", "'1.5' for option '--limit' as a whole number.")]
    [InlineData("dev --port 1", "'--port'")]
    [InlineData("demo --manifest there-is-no-such-file.json", "there-is-no-such-file.json")]
    public async Task RunAsync_WrongUsage_SaysWhatIsWrongAndExitsWithTwo(string arguments, string said)
    {
        var result = await CliProcess.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.DoesNotContain("System.", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("delete")]
    public async Task RunAsync_EmptyId_IsWrongUsage(string command)
    {
        var result = await CliProcess.RunAsync([command, " "]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("'batch' is empty", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DetachWithDownload_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "m.json");
        await File.WriteAllTextAsync(manifest, "{}");

        var result = await CliProcess.RunAsync(["run", manifest, "--detach", "--download", "out"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--detach and --download exclude each other", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Help_NamesEveryCommandOnStandardOutput()
    {
        var result = await CliProcess.RunAsync(["--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.All(new[] { "demo", "dev", "run <manifest>", "status <batch>" }, command => Assert.Contains(command, result.Output, StringComparison.Ordinal));
        Assert.Empty(result.Errors);
    }
}
