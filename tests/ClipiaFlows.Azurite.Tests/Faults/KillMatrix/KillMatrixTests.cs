using System.Diagnostics;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Faults;

public sealed class KillMatrixTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Probe()
    {
        var watch = Stopwatch.StartNew();
        await using var lane = await KillLane.OpenAsync(new StageOptions());
        output.WriteLine($"open {watch.Elapsed}");
        for (var i = 0; i < 3; i++)
        {
            watch.Restart();
            var (boundaries, run) = await lane.RecordAsync();
            output.WriteLine($"run {watch.Elapsed} {boundaries.Count}");
            output.WriteLine(run.Outcome);
            output.WriteLine(string.Join("\n", run.Wrong));
            if (i == 2)
            foreach (var same in boundaries.GroupBy(b => b)) output.WriteLine($"{same.Count()} {same.Key}");
        }
        for (var i = 10; i < 200; i+= 40)
        {
            watch.Restart();
            var run = await lane.RunAsync([i, 20]);
            output.WriteLine($"run {watch.Elapsed} {string.Join(", ", run.Kills)}");
            output.WriteLine(run.Outcome);
            output.WriteLine(string.Join("\n", run.Wrong));
        }
    }
}
