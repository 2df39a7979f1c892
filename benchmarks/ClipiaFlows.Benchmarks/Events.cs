using System.Diagnostics;

namespace ClipiaFlows.Benchmarks;

/// <summary>From raising an event to the end of the instance that waited for it, as the caller sees it.</summary>
internal static class Events
{
    private const int Instances = 1_000;

    public static async Task MeasureAsync(Report? report, int runs)
    {
        if (report is null) return;
        await using var engines = await Engines.StartAsync();
        await LatenciesAsync(engines);
        for (var run = 0; run < runs; run++)
        {
            var latencies = await LatenciesAsync(engines);
            report.Add("Event to resumed and committed, p50", "ms", latencies[Instances / 2]);
            report.Add("Event to resumed and committed, p99", "ms", latencies[Instances * 99 / 100]);
        }
    }

    private static async Task<List<double>> LatenciesAsync(Engines engines)
    {
        var latencies = new List<double>();
        for (var i = 0; i < Instances; i++)
        {
            var id = await engines.Client.ScheduleNewOrchestrationInstanceAsync("wait");
            await engines.Client.WaitForInstanceStartAsync(id);
            var clock = Stopwatch.StartNew();
            await engines.Client.RaiseEventAsync(id, "go", "x");
            await engines.Client.WaitForInstanceCompletionAsync(id);
            latencies.Add(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(1);
        }

        latencies.Sort();
        return latencies;
    }
}
