using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Api;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>
/// A campaign under each fault of Clipia, on a clock that runs ten times as fast. Here of 15 jobs; with <c>MEASURE=1</c> of
/// 300, and <c>--logger "console;verbosity=detailed"</c> prints the table that docs/failure-model.md keeps.
/// </summary>
public sealed class UpstreamFaultTests(ITestOutputHelper output)
{
    private const int ClockScale = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);
    private static readonly bool IsMeasured = Environment.GetEnvironmentVariable("MEASURE") == "1";
    private static readonly int Jobs = IsMeasured ? 300 : 15;

    // So that enough is left to do when something happens midway.
    private static readonly int Concurrency = IsMeasured ? 10 : 3;

    [Fact]
    public async Task Campaign_UnderEachFaultOfClipia_EndsRightWithFewMoreCalls()
    {
        // What an answer of sixty seconds exceeds.
        var settings = new Dictionary<string, string> { ["Clipia__AttemptTimeout"] = "00:00:05" };
        await using var stack = await RunningStack.StartAsync(
            clockScale: ClockScale, imageSeconds: IsMeasured ? 8 : 4, requestsPerMinute: UpstreamFault.RateBefore, appSettings: settings);
        output.WriteLine($"{"fault",-36} calls/job  429s/job  submits/job  polls/job  makespan");
        var undisturbed = await RunAsync(stack, new UpstreamFault("undisturbed", 1, 0), undisturbed: null);

        foreach (var fault in UpstreamFault.All(Jobs))
            await RunAsync(stack, fault, undisturbed);
    }

    [MeasurementFact]
    public async Task Campaign_KeyRevokedAndReplaced_EndsRight()
    {
        var settings = new Dictionary<string, string>();
        await using var stack = await RunningStack.StartAsync(
            clockScale: ClockScale, imageSeconds: IsMeasured ? 8 : 4, requestsPerMinute: UpstreamFault.RateBefore, appSettings: settings);
        var fault = new UpstreamFault("key revoked, then replaced", 2, 0) { Midway = (running, batch) => ReplaceKeyAsync(running, batch, settings) };

        await RunAsync(stack, fault, undisturbed: null);
    }

    private async Task<Figures> RunAsync(RunningStack stack, UpstreamFault fault, Figures? undisturbed)
    {
        await stack.Emulator.DeleteAsync("calls");
        var before = await stack.Emulator.LedgerAsync();
        foreach (var scenario in fault.Scenarios)
            await stack.Emulator.MisbehaveAsync(scenario);

        var watch = Stopwatch.StartNew();
        var id = await StartAsync(stack, Campaign(fault.Name));
        await stack.WhenAsync(id, jobs => jobs.Succeeded >= Jobs / 3);
        await fault.Midway(stack, id);
        var batch = await stack.FinishAsync(id, Longest);
        var makespan = watch.Elapsed * ClockScale;

        var figures = await FiguresAsync(stack, fault, makespan);
        await stack.Emulator.BehaveAsync();
        await UpstreamFault.ChangeRateAsync(stack, UpstreamFault.RateBefore);
        Verify(fault, figures, undisturbed, batch);
        await ChargedOnce.VerifyAsync(stack, batch, before);
        return figures;
    }

    /// <summary>A start needs the catalogue and answers that Clipia failed when it does; it says so, and nothing has begun.</summary>
    private static async Task<string> StartAsync(RunningStack stack, byte[] manifest)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (await stack.SubmitAsync(manifest)).Id;
            }
            catch (CommandFailure refused) when (tries < 10)
            {
                Assert.Contains("Clipia", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    private async Task<Figures> FiguresAsync(RunningStack stack, UpstreamFault fault, TimeSpan makespan)
    {
        var counts = (await stack.Emulator.GetAsync("calls?limit=1")).GetProperty("counts").EnumerateArray().ToList();
        var submits = Sum(count => Is(count, "POST", "/v1/models/{slug}"));
        var polls = Sum(count => Is(count, "GET", "/v1/requests/{request_id}") || Is(count, "GET", "/v1/requests/{request_id}/status"));
        var throttled = Sum(count => count.GetProperty("status").GetInt32() == 429);
        var figures = new Figures((submits + polls) / (double)Jobs, throttled / (double)Jobs);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fault.Name,-36} {figures.Calls,9:0.00} {figures.Throttled,9:0.00} {submits / (double)Jobs,12:0.00} {polls / (double)Jobs,10:0.00} {makespan.TotalSeconds,7:0} s"));
        return figures;

        int Sum(Func<JsonElement, bool> which) => counts.Where(which).Sum(count => count.GetProperty("count").GetInt32());
    }

    private static void Verify(UpstreamFault fault, Figures figures, Figures? undisturbed, Batch batch)
    {
        Assert.True(batch.IsSuccess, $"{fault.Name}: {batch.Raw.GetRawText()}");
        if (undisturbed is null)
            return;
        Assert.True(!fault.MustThrottle || figures.Throttled > 0, $"{fault.Name} struck nothing.");
        // A machine that is busy with other tests sees some polls more.
        var slack = IsMeasured ? 0 : 1;
        Assert.True(figures.Calls <= (fault.MostCalls * undisturbed.Calls) + slack, $"{fault.Name}: {figures} against {undisturbed}");
        Assert.True(figures.Throttled <= (2 * undisturbed.Throttled) + fault.Most429 + (slack * 0.5), $"{fault.Name}: {figures} against {undisturbed}");
    }

    private static async Task ReplaceKeyAsync(RunningStack stack, string batch, Dictionary<string, string> settings)
    {
        using var http = new HttpClient { BaseAddress = new Uri(stack.Local.EmulatorUrl, "_local/") };
        using var created = await http.PostAsync(
            new Uri("keys", UriKind.Relative), new StringContent("""{"name":"next","environment":"live"}""", System.Text.Encoding.UTF8, "application/json"));
        using var next = JsonDocument.Parse(await created.Content.ReadAsStringAsync());
        foreach (var key in (await stack.Emulator.GetAsync("keys")).GetProperty("keys").EnumerateArray())
        {
            if (key.GetProperty("id").GetString() != next.RootElement.GetProperty("id").GetString())
                await stack.Emulator.DeleteAsync($"keys/{key.GetProperty("id").GetString()}");
        }

        await Eventually.TrueAsync(
            async () => (await stack.App.GetBatchAsync(batch, CancellationToken.None)).State is "Paused", TimeSpan.FromMinutes(1), () => "The batch did not pause.");
        await stack.Local.StopAppAsync();
        settings["Clipia__ApiKey"] = next.RootElement.GetProperty("key").GetString()!;
        await stack.Local.StartAppAsync();
        await UpstreamFault.GoesOnAsync(stack, batch);
    }

    private static bool Is(JsonElement count, string method, string route) =>
        (count.GetProperty("method").GetString(), count.GetProperty("route").GetString()) == (method, route);

    private static byte[] Campaign(string name) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name,
        policy = new { maxConcurrency = Concurrency },
        defaults = new { model = "nano-banana-2", input = new { resolution = "1K" } },
        jobs = new[] { new { id = "image", count = Jobs, input = new { prompt = $"{name}, number {{{{index}}}}" } } },
    });

    private sealed record Figures(double Calls, double Throttled);
}
