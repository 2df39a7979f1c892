using System.Diagnostics;

namespace ClipiaFlows.Benchmarks;

/// <summary>Activities of one instance, beside each other and one after the other, and what they write.</summary>
internal static class Activities
{
    public static async Task MeasureAsync(Report? report, int runs)
    {
        if (report is null) return;
        await using var engines = await Engines.StartAsync();
        for (var warmUp = 0; warmUp < 3; warmUp++) await engines.RunAsync("fan", 2_000);
        for (var run = 0; run < runs; run++)
        {
            foreach (var count in new[] { 1_000, 10_000 })
                report.Add($"Fan-out of {count:#,0} activities", "activities/s", count / (await SecondsAsync(engines, "fan", count)));
            report.Add("Chain of 1,000 activities", "activities/s", 1_000 / await SecondsAsync(engines, "chain", 1_000));

            var written = BytesWritten();
            await engines.RunAsync("fan", 10_000);
            report.Add("Written per activity of a fan-out of 10,000", "bytes", (BytesWritten() - written) / 10_000.0);
        }
    }

    private static async Task<double> SecondsAsync(Engines engines, string flow, int count)
    {
        var clock = Stopwatch.StartNew();
        await engines.RunAsync(flow, count);
        return clock.Elapsed.TotalSeconds;
    }

    // What this process has given to the system, whether it has reached the disk or not.
    private static double BytesWritten() => File.ReadLines("/proc/self/io")
        .Where(line => line.StartsWith("wchar: ", StringComparison.Ordinal))
        .Select(line => double.Parse(line[7..]))
        .Single();
}
