using ClipiaFlows.Azurite.Tests.EndToEnd;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Something that goes wrong at Clipia while a campaign runs.</summary>
/// <param name="Name">For the table.</param>
/// <param name="MostCalls">Calls a job, as a multiple of the undisturbed run's, that the fault may cost.</param>
/// <param name="Most429">Answers 429 a job that it may cost.</param>
internal sealed record UpstreamFault(string Name, double MostCalls, double Most429)
{
    // On a clock that runs ten times as fast: twenty seconds there.
    private static readonly TimeSpan AStorm = TimeSpan.FromSeconds(2);

    /// <summary>What the emulator does wrong from the start.</summary>
    public object[] Scenarios { get; init; } = [];

    /// <summary>What happens once a third of the jobs is done.</summary>
    public Func<RunningStack, string, Task> Midway { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Whether it is nothing without an answer 429.</summary>
    public bool MustThrottle { get; init; }

    public static IEnumerable<UpstreamFault> All(int jobs) =>
    [
        new("429 storm of 20 s, Retry-After 5 s", 2, Storm429(jobs)) { Midway = (stack, _) => StormAsync(stack, new { effect = "throttle", retry_after = 5 }), MustThrottle = true },
        new("429 storm of 20 s, no Retry-After", 2, Storm429(jobs)) { Midway = (stack, _) => StormAsync(stack, new { effect = "server_error", status = 429 }), MustThrottle = true },
        new("500 for 30 % of calls", 2, 0) { Scenarios = [new { effect = "server_error", route = "any", probability = 0.3, seed = 1 }] },
        new("503 for 30 %, Retry-After 3 s", 2, 0) { Scenarios = [new { effect = "server_error", status = 503, retry_after = 3, route = "any", probability = 0.3, seed = 2 }] },
        new("30 % reset before acceptance", 2, 0) { Scenarios = [new { effect = "reset_before", probability = 0.3, seed = 3 }] },
        new("30 % reset after acceptance", 2, 0) { Scenarios = [new { effect = "reset_after", probability = 0.3, seed = 4 }] },
        new("answers after 60 s, each tenth", 2, 0) { Scenarios = [new { effect = "delay_response", seconds = 60, every = 10 }] },
        new("30 % half a JSON", 2, 0) { Scenarios = [new { effect = "truncate_answer", route = "any", probability = 0.3, seed = 5 }] },
        new("30 % HTML with 502", 2, 0) { Scenarios = [new { effect = "html_answer", route = "any", probability = 0.3, seed = 6 }] },
        new("30 % HTML with 200", 2, 0) { Scenarios = [new { effect = "html_answer", status = 200, route = "any", probability = 0.3, seed = 7 }] },
        new("JSON sent as HTML", 1.5, 0) { Scenarios = [new { effect = "wrong_answer_type", route = "any" }] },
        new("20 % of media sent as HTML", 1.5, 0) { Scenarios = [new { effect = "wrong_media_type", probability = 0.2, seed = 8 }] },
        new("20 % of media cut short", 1.5, 0) { Scenarios = [new { effect = "truncate_media", probability = 0.2, seed = 9 }] },
        new("webhooks that never stop", 1.5, 0) { Scenarios = [new { effect = "repeat_webhook", seconds = 20 }] },
        new("rate limit halved midway", 2, 0.2) { Midway = (stack, _) => ChangeRateAsync(stack, RateAfter) },
        new("credits gone, then back", 2, 0) { Midway = RunOutOfCreditsAsync },
    ];

    public const int RateBefore = 120;
    private const int RateAfter = 60;

    /// <summary>One 429 for each of the ten slots and each Retry-After of the storm, and as many for the pauses in between.</summary>
    private static double Storm429(int jobs) => 60.0 / jobs;

    public static async Task ChangeRateAsync(RunningStack stack, int perMinute)
    {
        foreach (var key in (await stack.Emulator.GetAsync("keys")).GetProperty("keys").EnumerateArray())
            await stack.Emulator.PatchAsync($"keys/{key.GetProperty("id").GetString()}", new { rpm = perMinute });
    }

    private static async Task StormAsync(RunningStack stack, object scenario)
    {
        await stack.Emulator.MisbehaveAsync(scenario);
        await Task.Delay(AStorm);
        await stack.Emulator.BehaveAsync();
    }

    private static async Task RunOutOfCreditsAsync(RunningStack stack, string batch)
    {
        var balance = (await stack.Emulator.GetAsync("ledger")).GetProperty("balance").GetInt64();
        await stack.Emulator.PostAsync("credits", new { credits = -balance });
        await Eventually.TrueAsync(
            async () => (await stack.App.GetBatchAsync(batch, CancellationToken.None)).State is "Paused", TimeSpan.FromMinutes(1), () => "The batch did not pause.");
        await stack.Emulator.PostAsync("credits", new { credits = balance });
        await GoesOnAsync(stack, batch);
    }

    /// <summary>It looks once a minute whether it may; until then whoever follows it takes it for one that waits for somebody.</summary>
    public static Task GoesOnAsync(RunningStack stack, string batch) => Eventually.TrueAsync(
        async () => (await stack.App.GetBatchAsync(batch, CancellationToken.None)).State is not "Paused", TimeSpan.FromMinutes(2), () => "The batch did not go on.");
}
