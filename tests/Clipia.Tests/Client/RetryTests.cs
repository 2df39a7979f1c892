using System.Net;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class RetryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Call_FailsWithoutRetryAfter_PausesUnderDoublingCeilingWithFullJitter()
    {
        var pauses = new List<double[]>();
        for (var round = 0; round < 30; round++)
        {
            // Read off the clock at each request, since a pause below a millisecond sets no timer.
            var time = new JumpingTime();
            var arrivals = new List<DateTimeOffset>();
            await using var api = await FakeApi.StartAsync(context =>
            {
                arrivals.Add(time.GetUtcNow());
                return Answers.Error(500, "internal_error")(context);
            });
            await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api, time).Account.GetAsync());
            pauses.Add([.. arrivals.Zip(arrivals.Skip(1), (before, after) => (after - before).TotalSeconds)]);
        }

        Assert.All(pauses, calls => Assert.Equal(7, calls.Length));
        int[] ceilings = [1, 2, 4, 8, 16, 30, 30];
        for (var retry = 0; retry < ceilings.Length; retry++)
        {
            var relative = pauses.Select(calls => calls[retry] / ceilings[retry]).ToList();
            Assert.All(relative, share => Assert.InRange(share, 0, 1));
            // Thirty even draws miss either half with a chance of one in 2^30.
            Assert.Contains(relative, share => share < 0.5);
            Assert.Contains(relative, share => share > 0.5);
        }
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("120", 120)]
    [InlineData("121", 120)]
    [InlineData("99999999999999999999", 120)]
    [InlineData("Mon, 01 Jun 2026 09:00:09 GMT", 9)]
    [InlineData("Mon, 01 Jun 2026 08:59:00 GMT", 0)]
    [InlineData("Tue, 01 Jun 2027 09:00:00 GMT", 120)]
    public async Task Call_RetryAfter_IsObeyedUpToTwoMinutes(string header, double seconds)
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(429, "rate_limit_exceeded", ("Retry-After", header)), Answers.Json(Some.AccountAnswer));
        var time = new JumpingTime();

        await Some.Client(api, time).Account.GetAsync();

        // A pause of nothing is not made at all.
        Assert.Equal(seconds == 0 ? [] : [TimeSpan.FromSeconds(seconds)], time.Pauses);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("")]
    public async Task Call_RetryAfterUnreadable_FallsBackToJitter(string header)
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(503, "service_unavailable", ("Retry-After", header)), Answers.Json(Some.AccountAnswer));
        var time = new JumpingTime();

        await Some.Client(api, time).Account.GetAsync();

        Assert.True(time.Pauses.Count <= 1 && time.GetUtcNow() <= new JumpingTime().GetUtcNow() + Second);
    }

    [Fact]
    public async Task Call_NextTryLaterThanBudget_ThrowsAtOnceAndTellsRetryAfter()
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "600")));
        var time = new JumpingTime();
        var client = Some.Client(api, time, options => options.RetryBudget = TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(HttpStatusCode.TooManyRequests, failure.Status);
        Assert.Equal(TimeSpan.FromSeconds(600), failure.RetryAfter);
        Assert.Equal(1, failure.Attempts);
        Assert.Empty(time.Pauses);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Call_BudgetCoversSomeRetries_MakesThoseOnly()
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "4")));
        var time = new JumpingTime();
        var client = Some.Client(api, time, options => options.RetryBudget = TimeSpan.FromSeconds(8));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(3, failure.Attempts);
        Assert.Equal([4 * Second, 4 * Second], time.Pauses);
    }

    [Fact]
    public async Task Call_SlowFailure_CountsAgainstTheBudget()
    {
        var time = new JumpingTime();
        await using var api = await FakeApi.StartAsync(context =>
        {
            time.Advance(TimeSpan.FromSeconds(9));
            return Answers.Error(503, "service_unavailable", ("Retry-After", "2"))(context);
        });
        var client = Some.Client(api, time, options => options.RetryBudget = TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(1, failure.Attempts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Call_KeepsFailing_IsSentMaxAttemptsTimes(int attempts)
    {
        await using var api = await FakeApi.StartAsync(Answers.Html(502));
        var client = Some.Client(api, configure: options => options.MaxAttempts = attempts);

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(attempts, failure.Attempts);
        Assert.Equal(attempts, api.Requests.Count);
    }

    [Theory]
    [InlineData(400, "invalid_request")]
    [InlineData(401, "invalid_api_key")]
    [InlineData(402, "insufficient_credits")]
    [InlineData(402, "subscription_required")]
    [InlineData(403, "insufficient_scope")]
    [InlineData(404, "not_found")]
    [InlineData(409, "idempotency_key_reuse")]
    [InlineData(422, "model_input_invalid")]
    public async Task Submit_RefusedForGood_IsSentOnceAndKnownNotToBeAccepted(int status, string code)
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(status, code, ("Retry-After", "1")));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Queue.SubmitAsync("m", Some.Input));

        Assert.Single(api.Requests);
        Assert.Equal((HttpStatusCode)status, failure.Status);
        Assert.Equal(code, failure.Code);
        Assert.False(failure.IsTransient);
        Assert.False(failure.IsOutcomeUnknown);
    }

    [Theory]
    [InlineData(409, "request_in_progress", false)]
    [InlineData(429, "rate_limit_exceeded", false)]
    [InlineData(500, "internal_error", true)]
    [InlineData(503, "service_unavailable", true)]
    public async Task Submit_FailsForNow_SaysWhetherItMayHaveBeenAccepted(int status, string code, bool unknown)
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(status, code));
        var client = Some.Client(api, configure: options => options.MaxAttempts = 1);

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync("m", Some.Input));

        Assert.True(failure.IsTransient);
        Assert.Equal(unknown, failure.IsOutcomeUnknown);
        Assert.Equal(api.Requests[0].Headers["Idempotency-Key"], failure.IdempotencyKey);
    }

    [Fact]
    public async Task Submit_ResetThenThrottled_StaysUnknown()
    {
        await using var api = await FakeApi.StartAsync(Answers.Reset, Answers.Error(429, "rate_limit_exceeded"));
        var client = Some.Client(api, configure: options => options.MaxAttempts = 2);

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync("m", Some.Input));

        Assert.Equal(ClipiaErrorCodes.RateLimitExceeded, failure.Code);
        Assert.True(failure.IsOutcomeUnknown);
    }

    [Fact]
    public async Task Call_NobodyListens_IsANetworkErrorOfUnknownOutcome()
    {
        Uri url;
        await using (var api = await FakeApi.StartAsync(Answers.Json("{}")))
            url = api.Url;
        using var http = new HttpClient();
        var client = new ClipiaClient(http, new() { BaseUrl = url, ApiKey = Some.ApiKey, MaxAttempts = 3 }, new JumpingTime());

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal(ClipiaErrorCodes.NetworkError, failure.Code);
        Assert.Null(failure.Status);
        Assert.Equal(3, failure.Attempts);
        Assert.True(failure.IsTransient && failure.IsOutcomeUnknown);
    }

    [Fact]
    public async Task Call_SlowAnswer_TimesOutInRealTimeAndIsTriedAgain()
    {
        await using var api = await FakeApi.StartAsync(Answers.Hang, Answers.Json(Some.AccountAnswer));
        var client = Some.Client(api, configure: options => options.AttemptTimeout = TimeSpan.FromSeconds(1.5));

        var account = await client.Account.GetAsync();

        Assert.Equal("acc1", account.AccountId);
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task Submit_TimeoutOfItsOwn_ReplacesTheGeneralOne()
    {
        await using var api = await FakeApi.StartAsync(Answers.Hang);
        var client = Some.Client(api, configure: options => options.MaxAttempts = 1);

        var failure = await Assert.ThrowsAsync<ClipiaException>(
            () => client.Queue.SubmitAsync("m", Some.Input, new SubmitOptions { Timeout = TimeSpan.FromMilliseconds(100) }));

        Assert.Equal(ClipiaErrorCodes.Timeout, failure.Code);
        Assert.True(failure.IsOutcomeUnknown);
    }
}
