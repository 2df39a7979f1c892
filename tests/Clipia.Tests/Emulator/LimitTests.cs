namespace Clipia.Tests.Emulator;

public sealed class LimitTests
{
    private const string Fox = """{"prompt":"a fox"}""";

    [Fact]
    public async Task Calls_MoreThanTheMinuteAllows_WaitUntilTheOldestLeavesIt()
    {
        await using var emulator = await EmulatorFixture.StartAsync(rpm: 3);

        Assert.Equal("2", (await emulator.Live.GetAsync("/v1/account")).Header("RateLimit-Remaining"));
        emulator.Time.Advance(20);
        await emulator.Live.GetAsync("/v1/models");
        var third = await emulator.Live.GetAsync("/v1/requests/none");
        Assert.Equal(("3", "0", "40"), (third.Header("RateLimit-Limit"), third.Header("RateLimit-Remaining"), third.Header("RateLimit-Reset")));

        var refused = await emulator.Live.GetAsync("/v1/account");
        Assert.Equal((429, "rate_limit_exceeded", "40"), (refused.Status, refused.Code, refused.Header("Retry-After")));
        Assert.Equal(200, (await emulator.Test.GetAsync("/v1/account")).Status);

        emulator.Time.Advance(39.9);
        Assert.Equal(429, (await emulator.Live.GetAsync("/v1/account")).Status);
        emulator.Time.Advance(0.1);
        Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);
        Assert.Equal(429, (await emulator.Live.GetAsync("/v1/account")).Status);
    }

    [Fact]
    public async Task Calls_OfATestKey_CountAgainstItsOwnMinute()
    {
        await using var emulator = await EmulatorFixture.StartAsync(rpm: 2);
        await emulator.Test.SubmitAsync("sora-2", Fox);
        await emulator.Test.GetAsync("/v1/requests/none/status");

        Assert.Equal((429, "60"), await RefusalOf(emulator.Test));
        Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);

        static async Task<(int, string)> RefusalOf(Caller caller)
        {
            var refused = await caller.SubmitAsync("sora-2", Fox);
            return (refused.Status, refused.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task Submits_BeyondTheConcurrency_AreRefusedUntilOneEnds()
    {
        await using var emulator = await EmulatorFixture.StartAsync(concurrency: 2);
        await emulator.Live.SubmitAsync("sora-2", Fox);
        await emulator.Live.SubmitAsync("sora-2", Fox);

        var third = await emulator.Live.SubmitAsync("sora-2", Fox, null, "key");
        Assert.Equal((429, "rate_limit_exceeded", "5"), (third.Status, third.Code, third.Header("Retry-After")));
        Assert.NotEqual("0", third.Header("RateLimit-Remaining"));
        Assert.Equal(34, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (await emulator.Test.SubmitAsync("sora-2", Fox)).Status);

        emulator.Time.Advance(14);
        Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "key")).Status);
    }

    [Theory]
    [InlineData("""{"effect":"throttle","retry_after":7}""", 429, "rate_limit_exceeded", "7")]
    [InlineData("""{"effect":"server_error","status":503}""", 503, "service_unavailable", null)]
    [InlineData("""{"effect":"server_error"}""", 500, "internal_error", null)]
    [InlineData("""{"effect":"server_error","status":402,"code":"subscription_required"}""", 402, "subscription_required", null)]
    public async Task Scenario_RefusesSubmits_AndNothingElse(string rule, int status, string code, string? retryAfter)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", rule);

        var refused = await emulator.Live.SubmitAsync("sora-2", Fox);

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Equal(retryAfter, refused.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
        Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);
        Assert.Equal(0, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
        await emulator.Local.SendAsync(HttpMethod.Delete, "/_local/scenarios", null);
        Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", Fox)).Status);
    }

    [Theory]
    [InlineData("reset_before", 0)]
    [InlineData("reset_after", 17)]
    public async Task Scenario_Reset_CutsTheConnectionBeforeOrAfterAccepting(string effect, int reserved)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", $$"""{"effect":"{{effect}}","first":1}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.Live.SubmitAsync("sora-2", Fox, null, "key"));
        Assert.Equal(reserved, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
        await emulator.Live.SubmitAsync("sora-2", Fox, null, "key");
        Assert.Equal(17, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
    }

    [Fact]
    public async Task Scenario_EveryAndProbability_ApplyAsOftenAsTheySay()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"server_error","every":3,"route":"account"}""");
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"server_error","probability":0.5,"seed":7,"route":"models"}""");

        var every = new List<int>();
        var perhaps = 0;
        for (var i = 0; i < 60; i++)
        {
            every.Add((await emulator.Live.GetAsync("/v1/account")).Status);
            perhaps += (await emulator.Live.GetAsync("/v1/models")).Status == 500 ? 1 : 0;
        }

        Assert.Equal([200, 200, 500, 200, 200, 500], every.Take(6));
        Assert.InRange(perhaps, 15, 45);
        Assert.Equal(400, (await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"explode"}""")).Status);
    }
}
