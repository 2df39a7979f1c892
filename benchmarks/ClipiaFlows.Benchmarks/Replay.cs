using System.Diagnostics;

namespace ClipiaFlows.Benchmarks;

/// <summary>What a turn costs that must replay a long history first.</summary>
internal static class Replay
{
    private const int Steps = 1_000;

    // Per step: activity scheduled, activity completed, turn started.
    private const double Thousands = 3 * Steps / 1_000.0;

    public static async Task MeasureAsync(Report? report, int runs)
    {
        if (report is null) return;
        await using var engines = await Engines.StartAsync();
        for (var run = -1; run < runs; run++)
        {
            await engines.RestartAsync();
            var id = await engines.ScheduleAsync("chain-and-wait", $"c{run}", Steps);
            while ((await engines.Client.GetInstanceAsync(id, true))!.SerializedCustomStatus is null) await Task.Delay(10);

            await engines.RestartAsync();
            var clock = Stopwatch.StartNew();
            await engines.Client.RaiseEventAsync(id, "go", "x");
            await engines.Client.WaitForInstanceCompletionAsync(id);
            if (run >= 0) report.Add("Replay of 1,000 events", "ms", clock.Elapsed.TotalMilliseconds / Thousands);
        }
    }
}
