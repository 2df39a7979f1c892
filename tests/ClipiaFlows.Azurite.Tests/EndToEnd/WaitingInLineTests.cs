using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClipiaFlows.Azurite.Tests.Telemetry;
using ClipiaFlows.Cli.Api;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Many batches that wait for the slots of one API key.</summary>
public sealed partial class WaitingInLineTests(ITestOutputHelper output)
{
    private const int Singles = 45;

    /// <summary>46 batches on 10 slots: each single job starts before the bulk batch has had a second turn.</summary>
    [Fact]
    public async Task SingleJobs_BehindABulkBatch_TakeTheirTurnsBeforeItsNext()
    {
        await using var stack = await RunningStack.StartAsync(requestsPerMinute: 6000, imageSeconds: 2);
        var bulk = (await stack.SubmitAsync(Campaigns.ImagesOnly(300))).Id;
        await stack.WhenAsync(bulk, jobs => jobs.Generating == 10);

        using var http = new HttpClient { BaseAddress = stack.Local.AppUrl };
        for (var n = 0; n < Singles; n++)
            await PostAsync(http, n);
        var before = (await stack.App.GetBatchAsync(bulk, CancellationToken.None)).Jobs;
        var done = 0;
        await Eventually.TrueAsync(async () => (done = await SucceededAsync(http)) == Singles, TimeSpan.FromMinutes(5), () => $"{done} single jobs are done.");
        var after = (await stack.App.GetBatchAsync(bulk, CancellationToken.None)).Jobs;

        // One turn among 46, the slots that it held, and those that the last single jobs gave back while they were looked for.
        Assert.InRange(Begun(after) - Begun(before), 0, 35);
    }

    [Fact]
    public async Task SingleJobs_ThatWait_TakeAtMostAFifthMoreStorageTransactions()
    {
        var undisturbed = await TransactionsAsync(slots: 60, singles: 60);
        var waiting = await TransactionsAsync(slots: 3, singles: 60);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{undisturbed:0.0} transactions a job without waiting, {waiting:0.0} with"));
        Assert.InRange(waiting / undisturbed, 0.5, 1.2);
    }

    /// <summary>Thousands of single jobs beside a large batch, with as many slots as a large account has.</summary>
    [MeasurementFact]
    public async Task ThousandsOfSingleJobs_BesideALargeBatch_FailNothingAndKeepAnswering()
    {
        var (singles, jobs) = (Number("SINGLES", 5000), Number("BULK", 2000));
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stack = await StartAsync(receiver, slots: Number("SLOTS", 200), seconds: Number("SECONDS", 5));
        var before = Count(receiver, stack);
        if (jobs > 0)
            await stack.SubmitAsync(Campaigns.ImagesOnly(jobs));

        using var http = new HttpClient { BaseAddress = stack.Local.AppUrl, Timeout = TimeSpan.FromMinutes(2) };
        var took = new ConcurrentBag<double>();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, singles), new ParallelOptions { MaxDegreeOfParallelism = Number("CALLERS", 8) }, async (n, _) =>
        {
            var from = Stopwatch.GetTimestamp();
            await PostAsync(http, n);
            took.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        });
        var sorted = took.Order().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{singles} posts in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; p50 {sorted[sorted.Count / 2]:0} ms, p95 {sorted[(int)(sorted.Count * 0.95)]:0} ms, most {sorted[^1]:0} ms"));
        await Eventually.TrueAsync(async () => (await BatchesAsync(http, "state=Running&limit=1")).Count == 0 && (await BatchesAsync(http, "state=Planning&limit=1")).Count == 0, TimeSpan.FromMinutes(60), () => "Batches are running.");
        await Task.Delay(TimeSpan.FromSeconds(2));

        var transactions = Count(receiver, stack).Values.Sum() - before.Values.Sum();
        var failed = File.ReadLines(Path.Combine(stack.Local.DataDirectory, "logs", "app.log")).Count(line => line.Contains("failed with", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all done after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; {transactions / (singles + jobs):0.0} transactions a job; {failed} lines of the log say that something failed"));
        Assert.Equal(singles + jobs, (await stack.Emulator.LedgerAsync()).Entries.Count);
        Assert.Equal(0, failed);
    }

    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : usual;

    private static int Begun(JobCounts jobs) => jobs.Total - jobs.Ready - jobs.Waiting;

    private static Task<RunningStack> StartAsync(OtlpReceiver receiver, int slots, int seconds)
    {
        var settings = receiver.Settings;
        settings["Pacing__Concurrency"] = $"{slots}";
        return RunningStack.StartAsync(appSettings: settings, requestsPerMinute: 100_000, imageSeconds: seconds, concurrency: slots);
    }

    private static async Task<double> TransactionsAsync(int slots, int singles)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stack = await StartAsync(receiver, slots, seconds: 1);
        using var http = new HttpClient { BaseAddress = stack.Local.AppUrl };
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = Count(receiver, stack);
        await Parallel.ForEachAsync(Enumerable.Range(0, singles), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) => await PostAsync(http, n));
        // The emulator is asked, because looking at batches takes transactions too.
        await Eventually.TrueAsync(async () => (await stack.Emulator.LedgerAsync()).Entries.Count(entry => entry.State == "charged") == singles, TimeSpan.FromMinutes(5), () => "Not all jobs are paid.");
        return (await FinalCountAsync(receiver, stack) - before.Values.Sum()) / singles;
    }

    /// <summary>The number of transactions once there are no more: jobs are stored and batches end after they are paid, and counts arrive later still.</summary>
    private static async Task<double> FinalCountAsync(OtlpReceiver receiver, RunningStack stack)
    {
        var last = 0.0;
        await Eventually.TrueAsync(
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(6));
                var now = Count(receiver, stack).Values.Sum();
                var isFinal = now == last;
                last = now;
                return isFinal;
            },
            TimeSpan.FromMinutes(5), () => "Transactions go on.");
        return last;
    }

    private static Dictionary<string, double> Count(OtlpReceiver receiver, RunningStack stack)
    {
        var ports = Endpoint().Matches(stack.Local.StorageConnectionString).Select(match => match.Groups["port"].Value).ToHashSet();
        return receiver.Points
            .Where(point => point.Name == "http.client.request.duration" && ports.Contains(point.Attributes.GetValueOrDefault("server.port", "")))
            .GroupBy(point => $"{point.Attributes["server.port"]} {point.Attributes["http.request.method"]}")
            .ToDictionary(group => group.Key, group => group.Sum(point => point.Value));
    }

    private static async Task PostAsync(HttpClient http, int n)
    {
        using var answer = await http.PostAsJsonAsync("api/jobs", new { name = $"single {n}", model = "nano-banana-2", input = new { prompt = $"urgent {n}" } });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<int> SucceededAsync(HttpClient http) =>
        (await BatchesAsync(http, "name=single&limit=100")).Sum(batch => batch.GetProperty("jobs").GetProperty("succeeded").GetInt32());

    private static async Task<List<JsonElement>> BatchesAsync(HttpClient http, string query) =>
        [.. (await http.GetFromJsonAsync<JsonElement>(new Uri($"api/batches?{query}", UriKind.Relative))).GetProperty("batches").EnumerateArray()];

    [GeneratedRegex(@"(?:Blob|Queue|Table)Endpoint=http://[\d.]+:(?<port>\d+)")]
    private static partial Regex Endpoint();
}
