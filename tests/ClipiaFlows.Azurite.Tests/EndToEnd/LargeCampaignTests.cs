using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Cli.Api;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Runs where nothing else does: its figures, printed by <c>--logger "console;verbosity=detailed"</c>, mean little on a busy machine.</summary>
public sealed class MeasurementFactAttribute : FactAttribute
{
    /// <summary>Whether somebody measures.</summary>
    public static bool IsMeasured { get; } = Environment.GetEnvironmentVariable("MEASURE") == "1";

    /// <summary>Skips the test unless <c>MEASURE=1</c> is set.</summary>
    public MeasurementFactAttribute()
    {
        if (!IsMeasured)
            Skip = "A measurement for a quiet machine: set MEASURE=1.";
    }
}

/// <summary>A campaign of 500 mixed jobs at the API's usual limits, on a clock that runs ten times as fast.</summary>
public sealed class LargeCampaignTests(ITestOutputHelper output)
{
    private const int ClockScale = 10;
    private const double Concurrency = 10;
    private const double RequestsPerMinute = 120;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task FiveHundredJobs_WithFailuresAndLostAndDoubledWebhooks_EveryJobRightAndReceiptEqualToTheLedger()
    {
        await using var stack = await RunningStack.StartAsync(clockScale: ClockScale, imageSeconds: 14, videoSeconds: 30);
        await stack.Emulator.MisbehaveAsync(new { effect = "fail", probability = 0.05, seed = 11 });
        await stack.Emulator.MisbehaveAsync(new { effect = "drop_webhook", probability = 0.1, seed = 12 });
        await stack.Emulator.MisbehaveAsync(new { effect = "duplicate_webhook", probability = 0.1, seed = 13 });

        var batch = await stack.RunAsync(Manifest(), Longest);

        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
        var ledger = await stack.Emulator.LedgerAsync();
        Assert.Equal(ledger.Charged, batch.Credits.Charged);
        Assert.Equal(500, ledger.Entries.Count(entry => entry.State == "charged"));
        Assert.Equal(ledger.Entries.Count, ledger.Entries.Select(entry => entry.IdempotencyKey).Distinct().Count());
        await TellAsync(stack, batch, ledger);
    }

    /// <summary>On a busy machine webhooks come late on this fast clock, and polls are right; so only where somebody measures.</summary>
    [MeasurementFact]
    public async Task FiveHundredJobs_Undisturbed_NeedOneCallEach()
    {
        await using var stack = await RunningStack.StartAsync(clockScale: ClockScale, imageSeconds: 14, videoSeconds: 30);

        var batch = await stack.RunAsync(Manifest(), Longest);

        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
        var ledger = await stack.Emulator.LedgerAsync();
        Assert.Equal(ledger.Charged, batch.Credits.Charged);
        var callsPerJob = await TellAsync(stack, batch, ledger);
        Assert.InRange(callsPerJob, 1, 1.05);
    }

    /// <summary>Prints the makespan against what no scheduler could do better, and answers the calls per job.</summary>
    private async Task<double> TellAsync(RunningStack stack, Batch batch, Ledger ledger)
    {
        var requests = (await stack.Emulator.GetAsync("requests?limit=2000")).GetProperty("requests").EnumerateArray().ToList();
        var work = requests.Sum(request => (Moment(request, "completed_at") - Moment(request, "created_at")).TotalSeconds);
        var first = requests.Min(request => Moment(request, "created_at"));
        var last = requests.Max(request => Moment(request, "completed_at"));
        var bound = Math.Max(work / Concurrency, ledger.Entries.Count * 60 / RequestsPerMinute);
        var calls = await CallsAsync(stack);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{batch.Jobs.Total} jobs, {ledger.Entries.Count} submissions: {(last - first).TotalSeconds:0} s of generating, bound {bound:0} s, " +
            $"{(last - first).TotalSeconds / bound:0.000} of it; {calls:0.000} calls a job.");
        output.WriteLine(text);
        return calls;
    }

    private static async Task<double> CallsAsync(RunningStack stack)
    {
        var counts = (await stack.Emulator.GetAsync("calls?limit=1")).GetProperty("counts").EnumerateArray();
        return counts.Where(count => (count.GetProperty("method").GetString(), count.GetProperty("route").GetString()!) is
                ("POST", "/v1/models/{slug}") or ("GET", "/v1/requests/{request_id}") or ("GET", "/v1/requests/{request_id}/status"))
            .Sum(count => count.GetProperty("count").GetInt32()) / 500.0;
    }

    private static DateTimeOffset Moment(JsonElement request, string name) => request.GetProperty(name).GetDateTimeOffset();

    private static byte[] Manifest() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name = "Five hundred",
        policy = new { retries = 5 },
        matrix = new { product = Enumerable.Range(1, 25).Select(n => $"p{n}"), look = Enumerable.Range(1, 8).Select(n => $"l{n}") },
        jobs = new object[]
        {
            new { id = "still-{{product}}-{{look}}", model = "nano-banana-2", input = new { prompt = "{{product}} in {{look}}" } },
            new { id = "poster-{{product}}-{{look}}", model = "flux-2-pro", input = new { prompt = "A poster of {{product}} in {{look}}" } },
            new
            {
                id = "clip-{{product}}-{{index}}",
                model = "seedance-2-fast-i2v",
                input = new { prompt = "{{product}} turns", image_url = "${{ jobs.still-{{product}}-l1.output.images[0].url }}", duration = 5, resolution = "480p" },
                count = 4,
            },
        },
    });
}
