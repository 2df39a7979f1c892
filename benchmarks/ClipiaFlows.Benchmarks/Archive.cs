using System.Diagnostics;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Benchmarks;

/// <summary>A hundred thousand instances that have ended: starting, asking and purging with them in the file.</summary>
internal static class Archive
{
    public static async Task MeasureAsync(Report? report, int runs)
    {
        if (report is null) return;
        await using var engines = await Engines.StartAsync();
        for (var block = 0; block < 100; block++)
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => engines.ScheduleAsync("nothing", $"n{block}-{i}")));
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => engines.Client.WaitForInstanceCompletionAsync($"n99-{i}")));

        var clock = new Stopwatch();
        for (var run = 0; run < runs; run++)
        {
            clock.Restart();
            await engines.RestartAsync();
            report.Add("Stop and start with 100,000 ended instances", "s", clock.Elapsed.TotalSeconds);

            clock.Restart();
            await foreach (var _ in engines.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 100)).AsPages()) break;
            report.Add("Query of the newest 100 of them", "ms", clock.Elapsed.TotalMilliseconds);
        }

        await PurgeAsync(report, engines);
    }

    private static async Task PurgeAsync(Report report, Engines engines)
    {
        var clock = Stopwatch.StartNew();
        var purge = engines.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
        while (!purge.IsCompleted)
        {
            var one = Stopwatch.StartNew();
            await engines.RunAsync("nothing");
            report.AddQuietly("A new instance run during the purge", "ms", one.Elapsed.TotalMilliseconds);
            await Task.Delay(5);
        }

        report.Add("Purge of them", "s", clock.Elapsed.TotalSeconds);
    }
}
