using System.Diagnostics;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class ManifestInputTests
{
    [Fact]
    public async Task ReadAsync_NamedPipe_GivesTheSameTextForEveryRequest()
    {
        using var folder = new TemporaryFolder();
        var pipe = Path.Combine(folder.Path, "pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        // A pipe is opened once both sides are there.
        var writing = Task.Run(() => File.WriteAllText(pipe, "{}"));

        var manifest = await ManifestFile.ReadAsync(pipe, CancellationToken.None);
        await writing;

        Assert.Equal("{}", await manifest.Content().ReadAsStringAsync());
        Assert.Equal("{}", await manifest.Content().ReadAsStringAsync());
        Assert.StartsWith("batch-", manifest.NewBatchId(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PipeWithoutWriter_EndsWhenCanceled()
    {
        using var folder = new TemporaryFolder();
        var pipe = Path.Combine(folder.Path, "pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        using var cancellation = new CancellationTokenSource();

        var reading = ManifestFile.ReadAsync(pipe, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await File.WriteAllTextAsync(pipe, "");
    }

    [Fact]
    public async Task Plan_StandardInputThatNeverEnds_IsRefusedByItsSize()
    {
        using var plan = CliProcess.Start("plan", "-");
        var block = new byte[1024 * 1024];
        try
        {
            while (true)
                await plan.Input.WriteAsync(block);
        }
        catch (IOException)
        {
            // The command has ended.
        }

        var result = await plan.WaitAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Standard input is larger than the 64 MB that a manifest may have", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task Plan_DeviceThatNeverEnds_IsRefusedByItsSize()
    {
        var result = await CliProcess.RunAsync(["plan", "/dev/zero"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/dev/zero is larger than", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StandardInputIsEmptyAndOpen_EndsWhenInterrupted()
    {
        using var run = CliProcess.Start("run", "-", "--yes");
        await Eventually.TrueAsync(run.CatchesInterruptions, TimeSpan.FromMinutes(1), () => "It did not start");

        await run.SignalAsync("INT");

        Assert.Equal(130, (await run.WaitAsync()).ExitCode);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("jobs")]
    [InlineData("download")]
    public async Task Help_OptionWithADefault_PrintsItOnce(string command)
    {
        var help = await CliProcess.RunAsync([command, "--help"]);

        Assert.All(
            help.Output.Split("\n  -"),
            option => Assert.InRange(option.Split("efault").Length, 1, 2));
        Assert.Contains("efault", help.Output, StringComparison.Ordinal);
    }
}
