using System.Diagnostics;

namespace ClipiaFlows.Benchmarks;

/// <summary>Ten thousand instances that each wait for one event: making, keeping, recovering and resuming them.</summary>
internal static class ManyInstances
{
    private const int Count = 10_000;

    public static async Task MeasureAsync(Report? report, int runs)
    {
        if (report is null) return;
        for (var run = 0; run < runs; run++)
        {
            await using var engines = await Engines.StartAsync();
            var clock = Stopwatch.StartNew();
            await ForEachAsync(i => engines.ScheduleAsync("wait", $"w{i}"));
            await ForEachAsync(i => engines.Client.WaitForInstanceStartAsync($"w{i}"));
            report.Add("10,000 instances started and waiting", "s", clock.Elapsed.TotalSeconds);

            GC.Collect();
            report.Add("Working set with them", "MB", Environment.WorkingSet / 1e6);
            report.Add("Managed heap with them", "MB", GC.GetTotalMemory(forceFullCollection: true) / 1e6);

            await engines.RestartAsync();
            clock.Restart();
            await engines.RestartAsync();
            await ResumeAsync(engines, 0);
            report.Add("Engine stopped, started, and first of them resumed", "s", clock.Elapsed.TotalSeconds);

            clock.Restart();
            await ForEachAsync(i => i == 0 ? Task.CompletedTask : ResumeAsync(engines, i));
            report.Add("All others resumed from the file and ended", "s", clock.Elapsed.TotalSeconds);
        }
    }

    private static async Task ResumeAsync(Engines engines, int i)
    {
        await engines.Client.RaiseEventAsync($"w{i}", "go", "x");
        await engines.Client.WaitForInstanceCompletionAsync($"w{i}");
    }

    private static Task ForEachAsync(Func<int, Task> act) => Task.WhenAll(Enumerable.Range(0, Count).Select(act));
}
