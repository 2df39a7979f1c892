using System.Diagnostics;

namespace Clipia.Benchmarks;

/// <summary>Submits, each durable before it is answered.</summary>
internal static class SubmitLoad
{
    /// <summary>Each client sends its next submit when the last is answered: the highest throughput.</summary>
    public static async Task RunClosedAsync(int clients, int seconds)
    {
        await using var target = await Target.StartAsync();
        await WarmUpAsync(target);
        var done = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            for (var i = 0; watch.Elapsed.TotalSeconds < seconds; i++)
            {
                await target.SubmitAsync($"{client}-{i}", "a fox");
                Interlocked.Increment(ref done);
            }
        })));
        Console.WriteLine($"| submits a second, {clients} clients | {done / watch.Elapsed.TotalSeconds:0} | 1500 |");
    }

    /// <summary>Submits leave at their times whether or not earlier ones are answered; latency counts from the time they were due.</summary>
    public static async Task RunOpenAsync(int perSecond, int seconds)
    {
        await using var target = await Target.StartAsync();
        await WarmUpAsync(target);
        var latencies = new double[perSecond * seconds];
        var running = new Task[latencies.Length];
        var watch = Stopwatch.StartNew();
        for (var sent = 0; sent < latencies.Length;)
        {
            var due = Math.Min(latencies.Length, (int)(watch.Elapsed.TotalSeconds * perSecond) + 1);
            for (; sent < due; sent++)
                running[sent] = SubmitAsync(sent);
            await Task.Delay(1);
        }
        await Task.WhenAll(running);
        Array.Sort(latencies);
        Console.WriteLine($"| median, p99, longest ms at {perSecond} a second | {At(0.5):0.0}, {At(0.99):0.0}, {At(1):0.0} | p99 50 |");

        async Task SubmitAsync(int number)
        {
            await target.SubmitAsync($"open-{number}", "a fox");
            latencies[number] = watch.Elapsed.TotalMilliseconds - number * 1000.0 / perSecond;
        }

        double At(double part) => latencies[Math.Min(latencies.Length - 1, (int)(latencies.Length * part))];
    }

    private static Task WarmUpAsync(Target target) =>
        Parallel.ForEachAsync(Enumerable.Range(0, 2_000), async (i, _) => await target.SubmitAsync($"warm-{i}", "a fox"));
}
