using System.Net;
using Clipia.Tests.Emulator;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

/// <summary>All calls of a client share what its key may send, as the answers tell it.</summary>
public sealed class RateGateTests
{
    private static readonly (string, string)[] UsedUp = [("RateLimit-Limit", "3"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "40")];

    [Fact]
    public async Task Call_AfterTheLastRequestOfTheMinute_WaitsForTheReset()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer, 200, UsedUp), Answers.Json(Some.SubmitAnswer));
        var time = new JumpingTime();
        var client = Some.Client(api, time);
        await client.Account.GetAsync();

        await client.Queue.SubmitAsync("nano-banana-2", Some.Input);

        Assert.Equal([TimeSpan.FromSeconds(40)], time.Pauses);
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task Call_ResetBeyondItsBudget_ThrowsWithoutSending()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer, 200, UsedUp));
        var client = Some.Client(api);
        await client.Account.GetAsync();

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync(
            "nano-banana-2", Some.Input, new() { RetryBudget = TimeSpan.FromSeconds(10) }));

        Assert.Equal((HttpStatusCode.TooManyRequests, ClipiaErrorCodes.RateLimitExceeded, 0), (failure.Status, failure.Code, failure.Attempts));
        Assert.Equal((TimeSpan.FromSeconds(40), 3, 0), (failure.RetryAfter, failure.RateLimit?.Limit, failure.RateLimit?.Remaining));
        Assert.True(failure.IsTransient);
        Assert.False(failure.IsOutcomeUnknown);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Call_AfterAnothersRefusal_WaitsAsLongAsThatOneWasTold()
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "30")), Answers.Json(Some.AccountAnswer));
        var time = new JumpingTime();
        var client = Some.Client(api, time);
        await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync(new CallOptions { MaxAttempts = 1 }));

        await client.Account.GetAsync();

        Assert.Equal([TimeSpan.FromSeconds(30)], time.Pauses);
    }

    /// <summary>A refusal with requests remaining is for lack of a slot: reads go on.</summary>
    [Fact]
    public async Task Call_AfterARefusalForLackOfASlot_IsSentAtOnce()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "5"), ("RateLimit-Remaining", "90")), Answers.Json(Some.AccountAnswer));
        var time = new JumpingTime();
        var client = Some.Client(api, time);
        await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync("nano-banana-2", Some.Input, new() { MaxAttempts = 1 }));

        await client.Account.GetAsync();

        Assert.Empty(time.Pauses);
    }

    [Fact]
    public async Task Call_CanceledWhileHeldBack_EndsAtOnce()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer, 200, UsedUp));
        var client = Some.Client(api, TimeProvider.System);
        await client.Account.GetAsync();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Account.GetAsync(cancel.Token));

        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Call_AnswersWithoutFigures_IsNeverHeldBack()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer, 200, ("RateLimit-Remaining", "1")), Answers.Json(Some.AccountAnswer));
        var time = new JumpingTime();
        var client = Some.Client(api, time);

        for (var call = 0; call < 10; call++)
            await client.Account.GetAsync();

        Assert.Empty(time.Pauses);
    }

    /// <summary>Forty calls at once on a key of five a minute: all are answered, and at most the first few meet a refusal.</summary>
    [Fact]
    public async Task Calls_ManyAtOnce_ArePacedByTheServersFigures()
    {
        await using var emulator = await EmulatorFixture.StartAsync(rpm: 5);
        var client = new ClipiaClient(
            new HttpClient(), new() { BaseUrl = emulator.Api.BaseUrl, ApiKey = emulator.Api.LiveKey!, RetryBudget = TimeSpan.FromHours(1) }, emulator.Time);
        await client.Account.GetAsync();

        var calls = Enumerable.Range(0, 40).Select(_ => client.Account.GetAsync()).ToArray();
        var end = Task.WhenAll(calls);
        await EmulatorFixture.EventuallyAsync(async () =>
        {
            emulator.Time.Advance(5);
            await Task.Delay(2);
            return end.IsCompleted;
        });

        Assert.All(await end, account => Assert.Equal("acc_local", account.AccountId));
        var counts = (await emulator.Local.GetAsync("/_local/calls?limit=0")).Body.GetProperty("counts").EnumerateArray()
            .ToDictionary(count => count.GetProperty("status").GetInt32(), count => count.GetProperty("count").GetInt32());
        Assert.Equal(41, counts[200]);
        Assert.Equal(0, counts.GetValueOrDefault(429));
    }
}
