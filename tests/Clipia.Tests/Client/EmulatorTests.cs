using System.Net;

namespace Clipia.Tests.Client;

/// <summary>Every call against the emulator, which shares no type with the client.</summary>
public sealed class EmulatorTests
{
    [Fact]
    public async Task Models_ListAndEachDetail_AreUnderstood()
    {
        await using var session = await EmulatorSession.StartAsync();

        var catalogue = await session.Live.Models.ListAsync();

        Assert.NotEmpty(catalogue.Generation);
        Assert.Contains(catalogue.Entries, model => !model.IsGeneration && model.TextPricing?.Prompt > 0);
        foreach (var model in catalogue.Generation)
        {
            Assert.NotEmpty(model.Capabilities);
            Assert.True((model.Pricing?.Credits ?? model.Pricing?.CreditsBase) > 0);
            var detail = await session.Live.Models.GetAsync(model.Slug!);
            Assert.Equal(model.Slug, detail.Slug);
            Assert.Contains("prompt", detail.InputSchema!.Keys);
        }
        Assert.NotNull(catalogue.RateLimit?.Remaining);
    }

    [Theory]
    [InlineData("nano-banana-2", """{"prompt":"x","num_images":3}""", MediaKind.Image, 3)]
    [InlineData("seedance-2-fast-t2v", """{"prompt":"x","duration":5}""", MediaKind.Video, 1)]
    public async Task Generation_FromEstimateToFiles_CostsWhatWasEstimated(string slug, string input, MediaKind kind, int files)
    {
        await using var session = await EmulatorSession.StartAsync();
        var before = await session.Live.Account.GetAsync();

        var estimate = await session.Live.Models.EstimateAsync(slug, Some.Json(input));
        var submission = await session.Live.Queue.SubmitAsync(slug, Some.Json(input));
        var result = await session.Live.Requests.WaitAsync(submission.RequestId, EmulatorSession.Quickly);

        Assert.Equal(RequestStatus.InQueue, submission.Status);
        Assert.NotNull(submission.QueuePosition);
        Assert.StartsWith(session.Url.AbsoluteUri, submission.StatusUrl!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(RequestStatus.Completed, result.Status);
        Assert.Equal((estimate.Credits, estimate.Credits, slug), (submission.Cost, result.Cost, result.Model));
        Assert.True(result.CompletedAt >= result.CreatedAt);
        Assert.Equal(files, result.Files.Count);
        Assert.All(result.Files, file => Assert.Equal(kind, file.Kind));
        Assert.NotEmpty(await session.DownloadAsync(result.Files[0].BestUrl));
        var after = await session.Live.Account.GetAsync();
        Assert.Equal(before.BalanceCredits - estimate.Credits, after.BalanceCredits);
        Assert.Equal(new Usage30Days(1, estimate.Credits), after.Usage30Days);
    }

    [Fact]
    public async Task Subscribe_TestKey_GivesTheSampleAtOnceForNothing()
    {
        await using var session = await EmulatorSession.StartAsync();
        var before = await session.Test.Account.GetAsync();

        var result = await session.Test.SubscribeAsync("nano-banana-2", Some.Input);

        Assert.Equal(RequestStatus.Completed, result.Status);
        Assert.Single(result.Files);
        Assert.Equal(before.BalanceCredits, (await session.Test.Account.GetAsync()).BalanceCredits);
    }

    [Fact]
    public async Task Status_OfEachLook_LeadsToTheEnd()
    {
        await using var session = await EmulatorSession.StartAsync(new() { ImageSeconds = 0.8 });
        var submission = await session.Live.Queue.SubmitAsync("flux-2-pro", Some.Input);
        var states = new List<RequestState>();

        await foreach (var state in session.Live.Requests.WatchAsync(submission.RequestId, EmulatorSession.Quickly))
            states.Add(state);

        Assert.All(states, state => Assert.Equal(submission.RequestId, state.RequestId));
        Assert.Equal(RequestStatus.Completed, states[^1].Status);
        Assert.Equal(100, states[^1].Progress);
        Assert.Contains(states, state => state.Status == RequestStatus.InQueue || state.Status == RequestStatus.InProgress);
    }

    [Fact]
    public async Task Generation_Fails_IsAResultAndCostsNothing()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "fail", code = "GENERATION_FAILED", message = "No luck." });
        var before = await session.Live.Account.GetAsync();

        var result = await session.Live.SubscribeAsync("nano-banana-2", Some.Input, wait: EmulatorSession.Quickly);

        Assert.Equal(RequestStatus.Failed, result.Status);
        Assert.Equal("GENERATION_FAILED", result.Error?.Code);
        Assert.Empty(result.Files);
        Assert.Equal(before.BalanceCredits, (await session.Live.Account.GetAsync()).BalanceCredits);
    }

    [Fact]
    public async Task Generation_CanceledInTheWebInterface_IsAResult()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "cancel" });

        var result = await session.Live.SubscribeAsync("nano-banana-2", Some.Input, wait: EmulatorSession.Quickly);

        Assert.Equal(RequestStatus.Canceled, result.Status);
        Assert.False(result.Pending);
    }

    [Fact]
    public async Task Submit_SameKeyAndBytesAgain_FindsTheSameGeneration()
    {
        await using var session = await EmulatorSession.StartAsync();
        var body = QueueClient.CreateBody(Some.Input, null);
        var key = Guid.NewGuid().ToString();

        var first = await session.Live.Queue.SubmitAsync("nano-banana-2", body, key);
        var second = await session.Live.Queue.SubmitAsync("nano-banana-2", body, key);
        var reused = await Assert.ThrowsAsync<ClipiaException>(
            () => session.Live.Queue.SubmitAsync("nano-banana-2", QueueClient.CreateBody(Some.Json("""{"prompt":"y"}"""), null), key));

        Assert.Equal(first.RequestId, second.RequestId);
        Assert.Equal(ClipiaErrorCodes.IdempotencyKeyReuse, reused.Code);
        Assert.Equal(1, (await session.ReadAsync("ledger")).GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("reset_after")]
    [InlineData("reset_before")]
    [InlineData("server_error")]
    public async Task Submit_TroubleOnTheWay_IsHealedAndPaidOnce(string effect)
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect, first = 2 });

        var submission = await session.Live.Queue.SubmitAsync("nano-banana-2", Some.Input);

        var entry = Assert.Single((await session.ReadAsync("ledger")).GetProperty("entries").EnumerateArray());
        Assert.Equal(submission.RequestId.Value, entry.GetProperty("request_id").GetString());
        Assert.Equal(submission.IdempotencyKey, entry.GetProperty("idempotency_key").GetString());
    }

    [Fact]
    public async Task Submit_ThrottledBeyondTheBudget_TellsWhenToComeBack()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "throttle", retry_after = 90 });
        var client = session.LiveWith(options => options.RetryBudget = TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync("nano-banana-2", Some.Input));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(90)), (failure.Status, failure.RetryAfter));
        Assert.Equal(1, failure.Attempts);
        Assert.NotNull(failure.RateLimit);
        Assert.False(failure.IsOutcomeUnknown);
    }

    [Fact]
    public async Task Submit_TooManyAtOnce_IsThrottledWithRequestsRemaining()
    {
        await using var session = await EmulatorSession.StartAsync(new() { ImageSeconds = 60, Concurrency = 1 });
        var client = session.LiveWith(options => options.MaxAttempts = 1);
        await client.Queue.SubmitAsync("nano-banana-2", Some.Input);

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Queue.SubmitAsync("nano-banana-2", Some.Input));

        Assert.Equal(ClipiaErrorCodes.RateLimitExceeded, failure.Code);
        Assert.Equal(TimeSpan.FromSeconds(5), failure.RetryAfter);
        Assert.True(failure.RateLimit?.Remaining > 0);
    }

    [Fact]
    public async Task Account_TooManyRequestsAMinute_IsThrottledWithNoneRemaining()
    {
        await using var session = await EmulatorSession.StartAsync(new() { RequestsPerMinute = 3 });
        var client = session.LiveWith(options => options.RetryBudget = TimeSpan.Zero);
        var remaining = new List<int?>();
        for (var call = 0; call < 3; call++)
            remaining.Add((await client.Account.GetAsync()).RateLimit?.Remaining);

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Account.GetAsync());

        Assert.Equal([2, 1, 0], remaining);
        Assert.Equal((HttpStatusCode.TooManyRequests, 3, 0), (failure.Status, failure.RateLimit?.Limit, failure.RateLimit?.Remaining));
        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Equal(0, failure.Attempts);
    }

    [Fact]
    public async Task EachRefusal_HasItsStatusAndCode()
    {
        await using var session = await EmulatorSession.StartAsync(new() { Credits = 3 });
        var reader = session.Client((await session.ControlAsync("keys", new { name = "reader", environment = "live", scopes = new[] { "read" } }))
            .GetProperty("key").GetString()!);

        await Refused(401, ClipiaErrorCodes.InvalidApiKey, () => session.Client("clipia_live_unknown").Account.GetAsync());
        await Refused(402, ClipiaErrorCodes.InsufficientCredits, () => session.Live.Queue.SubmitAsync("nano-banana-2", Some.Input));
        await Refused(403, ClipiaErrorCodes.InsufficientScope, () => reader.Queue.SubmitAsync("nano-banana-2", Some.Input));
        await Refused(404, ClipiaErrorCodes.NotFound, () => session.Live.Queue.SubmitAsync("weird/slug x", Some.Input));
        await Refused(404, ClipiaErrorCodes.NotFound, () => session.Live.Models.GetAsync("no-such-model"));
        await Refused(404, ClipiaErrorCodes.NotFound, () => session.Live.Requests.GetStatusAsync(new(Guid.NewGuid().ToString())));
        await Refused(404, ClipiaErrorCodes.NotFound, () => session.Live.Requests.GetResultAsync(new("not a uuid")));
        await Refused(422, ClipiaErrorCodes.ModelInputInvalid, () => session.Live.Models.EstimateAsync("nano-banana-2", Some.Json("{}")));
        await Refused(400, ClipiaErrorCodes.InvalidRequest, () => session.Live.Queue.SubmitAsync("nano-banana-2", "[]"u8.ToArray(), "k"));
    }

    private static async Task Refused(int status, string code, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<ClipiaException>(call);
        Assert.Equal(((HttpStatusCode)status, code), (failure.Status!.Value, failure.Code));
        Assert.False(failure.IsTransient || failure.IsOutcomeUnknown);
    }
}
