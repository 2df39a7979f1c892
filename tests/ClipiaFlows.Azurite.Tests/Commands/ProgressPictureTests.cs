using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Watching;
using Spectre.Console;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class ProgressPictureTests
{
    [Theory]
    [InlineData(24)]
    [InlineData(50)]
    public void Draw_ManyJobs_FitsTheTerminalAndShowsWhatMovesFirst(int height)
    {
        var jobs = Enumerable.Range(1, 100).Select(n => new Job($"job-{n}", n, "flux-2-pro", n > 97 ? "Generating" : "Ready", 1, null, null));
        var batch = new Batch("b-1", "Tea", "Running", null, new JobCounts(100, 0, 97, 0, 3, 0, 0, 0, 0, 0, 0), new BatchCredits(1, 0, 0));
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 100;

        console.Write(ProgressPicture.Draw(new Snapshot(batch, [.. jobs]), height, 100));

        var lines = text.ToString().TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 10, height - 1);
        Assert.True(Array.FindIndex(lines, line => line.Contains("job-98", StringComparison.Ordinal))
            < Array.FindIndex(lines, line => line.Contains("job-1 ", StringComparison.Ordinal)));
        Assert.Contains("0 of 100 done", lines[0], StringComparison.Ordinal);
    }
}
