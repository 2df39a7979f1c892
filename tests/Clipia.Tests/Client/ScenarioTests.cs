using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

/// <summary>
/// Each misbehaviour that one call of /_local/scenarios switches on, and what the client makes of it: what is sent again, under
/// which key, after which pause, and what its caller sees in the end.
/// </summary>
public sealed class ScenarioTests
{
    private const string Model = "nano-banana-2";

    private static readonly Dictionary<string, string> Shown = new()
    {
        { "slow", nameof(Slow_LongerThanTheWait_GivesUpWithoutASecondSubmission) },
        { "fail", nameof(End_NotASuccess_IsAResultThatCostsNothing) },
        { "cancel", nameof(End_NotASuccess_IsAResultThatCostsNothing) },
        { "throttle", nameof(Throttle_Burst_IsWaitedOutAsAsked) },
        { "server_error", nameof(Submit_TroubleOnTheWay_IsSentAgainUnderTheSameKey) },
        { "reset_before", nameof(Submit_TroubleOnTheWay_IsSentAgainUnderTheSameKey) },
        { "reset_after", nameof(Submit_TroubleOnTheWay_IsSentAgainUnderTheSameKey) },
        { "truncate_answer", nameof(Submit_TroubleOnTheWay_IsSentAgainUnderTheSameKey) },
        { "html_answer", nameof(Submit_TroubleOnTheWay_IsSentAgainUnderTheSameKey) },
        { "wrong_answer_type", nameof(WrongAnswerType_OnJson_IsReadAllTheSame) },
        { "repeat_webhook", nameof(RepeatWebhook_WhateverIsAnswered_GoesOnUntilTheRuleIsGone) },
        { "delay_response", nameof(DelayResponse_LongerThanAnAttempt_IsAskedAgainUntilTheFirstIsAnswered) },
        { "drop_webhook", nameof(Webhook_LateOrNever_LeavesTheResultReadable) },
        { "delay_webhook", nameof(Webhook_LateOrNever_LeavesTheResultReadable) },
        { "duplicate_webhook", nameof(DuplicateWebhook_BothCopies_AreValidAndNameOneRequest) },
        { "early_webhook", nameof(EarlyWebhook_BeforeTheAnswer_NamesTheRequestOfTheAnswer) },
        { "reorder_webhooks", nameof(ReorderWebhooks_OfTwo_ArriveTheOtherWayRound) },
        { "wrong_signature", nameof(WrongSignature_OnADelivery_IsMismatch) },
        { "truncate_media", nameof(Media_Damaged_ShowsInTheDownload) },
        { "wrong_media_type", nameof(Media_Damaged_ShowsInTheDownload) },
        { "redirect_media", nameof(Media_Damaged_ShowsInTheDownload) },
    };

    [Fact]
    public async Task Scenarios_All_AreShownHere()
    {
        await using var session = await EmulatorSession.StartAsync();
        using var http = new HttpClient();
        using var refused = await http.PostAsJsonAsync(new Uri(session.Url, "/_local/scenarios"), new { effect = "unknown" });
        var message = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString()!;

        Assert.Equal(message["'effect' must be one of ".Length..].TrimEnd('.').Split(", ").Order(), Shown.Keys.Order());
    }

    [Fact]
    public async Task Slow_LongerThanTheWait_GivesUpWithoutASecondSubmission()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "slow", factor = 1000 });
        var time = new JumpingTime();
        var client = session.LiveOn(time);

        var failure = await Assert.ThrowsAsync<ClipiaException>(
            () => client.SubscribeAsync(Model, Some.Input, wait: new() { Timeout = TimeSpan.FromMinutes(2) }));

        Assert.Equal(ClipiaErrorCodes.WaitTimeout, failure.Code);
        Assert.Equal(TimeSpan.FromMinutes(2), time.Pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause));
        var entry = Assert.Single(await EntriesAsync(session));
        Assert.Equal(failure.RequestId?.Value, entry.GetProperty("request_id").GetString());
    }

    [Theory]
    [InlineData("fail", "FAILED", "GENERATION_FAILED")]
    [InlineData("cancel", "CANCELED", null)]
    public async Task End_NotASuccess_IsAResultThatCostsNothing(string effect, string status, string? code)
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect, model = Model, after = 1, first = 1 });

        var results = new List<GenerationResult>();
        for (var i = 0; i < 3; i++)
            results.Add(await session.Live.SubscribeAsync(Model, Some.Input, wait: EmulatorSession.Quickly));

        Assert.Equal(["COMPLETED", status, "COMPLETED"], results.Select(result => result.Status.Value));
        Assert.Equal((code, null), (results[1].Error?.Code, results[1].Cost));
        Assert.Equal(8, (await session.Live.Account.GetAsync()).Usage30Days?.CreditsSpent);
    }

    [Fact]
    public async Task Throttle_Burst_IsWaitedOutAsAsked()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "throttle", retry_after = 7, first = 3 });
        var time = new JumpingTime();

        var submission = await session.LiveOn(time).Queue.SubmitAsync(Model, Some.Input);

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(7), 3), time.Pauses);
        Assert.Equal(submission.IdempotencyKey, Assert.Single(await EntriesAsync(session)).GetProperty("idempotency_key").GetString());
    }

    [Theory]
    [InlineData("server_error", 500)]
    [InlineData("server_error", 503)]
    [InlineData("reset_before", null)]
    [InlineData("reset_after", null)]
    [InlineData("truncate_answer", null)]
    [InlineData("html_answer", null)]
    [InlineData("html_answer", 200)]
    public async Task Submit_TroubleOnTheWay_IsSentAgainUnderTheSameKey(string effect, int? status)
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect, status, first = 3 });
        var time = new JumpingTime();

        var submission = await session.LiveOn(time).Queue.SubmitAsync(Model, Some.Input);

        Assert.Equal(3, time.Pauses.Count);
        Assert.All(time.Pauses.Index(), pause => Assert.InRange(pause.Item.TotalSeconds, 0, 1 << pause.Index));
        var entry = Assert.Single(await EntriesAsync(session));
        Assert.Equal(
            (submission.RequestId.Value, submission.IdempotencyKey),
            (entry.GetProperty("request_id").GetString(), entry.GetProperty("idempotency_key").GetString()));
    }

    [Theory]
    [InlineData("server_error", true)]
    [InlineData("reset_after", true)]
    [InlineData("reset_before", true)]
    [InlineData("throttle", false)]
    public async Task Submit_TroubleThatStays_SaysWhetherItMayHaveBeenAccepted(string effect, bool unknown)
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect });

        var failure = await Assert.ThrowsAsync<ClipiaException>(
            () => session.LiveOn(new JumpingTime()).Queue.SubmitAsync(Model, Some.Input, new() { MaxAttempts = 4 }));

        Assert.Equal((4, unknown), (failure.Attempts, failure.IsOutcomeUnknown));
        Assert.True(failure.IsTransient);
        var entries = await EntriesAsync(session);
        Assert.Equal(effect == "reset_after" ? 1 : 0, entries.Length);
        Assert.All(entries, entry => Assert.Equal(failure.IdempotencyKey, entry.GetProperty("idempotency_key").GetString()));
    }

    [Fact]
    public async Task WrongAnswerType_OnJson_IsReadAllTheSame()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "wrong_answer_type", route = "any" });

        var submission = await session.Live.Queue.SubmitAsync(Model, Some.Input);

        Assert.Equal(submission.RequestId.Value, Assert.Single(await EntriesAsync(session)).GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task RepeatWebhook_WhateverIsAnswered_GoesOnUntilTheRuleIsGone()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        var rule = await session.ControlAsync("scenarios", new { effect = "repeat_webhook", seconds = 0.05 });

        await session.Live.Queue.SubmitAsync(Model, Some.Input, new() { WebhookUrl = receiver.Url });
        var received = await ReceivedAsync(receiver, 8);

        // More often than any delivery is tried, and always the same.
        Assert.Single(received.Select(request => request.Headers["X-Clipia-Webhook-Id"]).Distinct());
        Assert.All(received, request => Assert.Equal(SignatureCheck.Valid, Check(request, session)));
        await session.RemoveAsync($"scenarios/{rule.GetProperty("id").GetInt32()}");
        await Task.Delay(300);
        var last = receiver.Requests.Count;
        await Task.Delay(500);
        Assert.Equal(last, receiver.Requests.Count);
    }

    [Fact]
    public async Task DelayResponse_LongerThanAnAttempt_IsAskedAgainUntilTheFirstIsAnswered()
    {
        await using var session = await EmulatorSession.StartAsync();
        await session.ControlAsync("scenarios", new { effect = "delay_response", seconds = 2, first = 1 });

        var submission = await session.Live.Queue.SubmitAsync(
            Model, Some.Input, new() { Timeout = TimeSpan.FromMilliseconds(500), MaxAttempts = 20 });

        Assert.Equal(submission.RequestId.Value, Assert.Single(await EntriesAsync(session)).GetProperty("request_id").GetString());
        var counts = (await session.ReadAsync("calls?limit=0")).GetProperty("counts").EnumerateArray().Select(count => count.GetProperty("status").GetInt32());
        Assert.Contains(409, counts);
    }

    [Theory]
    [InlineData("drop_webhook")]
    [InlineData("delay_webhook")]
    public async Task Webhook_LateOrNever_LeavesTheResultReadable(string effect)
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect, seconds = 3 });

        var result = await session.Live.SubscribeAsync(
            Model, Some.Input, new() { WebhookUrl = receiver.Url }, EmulatorSession.Quickly);

        Assert.Equal(RequestStatus.Completed, result.Status);
        Assert.Empty(receiver.Requests);
        if (effect == "delay_webhook")
            Assert.Equal(result.RequestId, DeliveryIn((await ReceivedAsync(receiver, 1))[0]).RequestId);
    }

    [Fact]
    public async Task DuplicateWebhook_BothCopies_AreValidAndNameOneRequest()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect = "duplicate_webhook" });

        var submission = await session.Live.Queue.SubmitAsync(Model, Some.Input, new() { WebhookUrl = receiver.Url });
        var received = await ReceivedAsync(receiver, 2);

        Assert.All(received, request => Assert.Equal(SignatureCheck.Valid, Check(request, session)));
        Assert.All(received, request => Assert.Equal(submission.RequestId, DeliveryIn(request).RequestId));
        Assert.Single(received.Select(request => request.Headers["X-Clipia-Webhook-Id"]).Distinct());
    }

    [Fact]
    public async Task EarlyWebhook_BeforeTheAnswer_NamesTheRequestOfTheAnswer()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect = "early_webhook" });

        var submission = await session.Live.Queue.SubmitAsync(Model, Some.Input, new() { WebhookUrl = receiver.Url });

        Assert.Equal(submission.RequestId, DeliveryIn(Assert.Single(receiver.Requests)).RequestId);
        Assert.Equal(RequestStatus.Completed, (await session.Live.Requests.GetResultAsync(submission.RequestId)).Status);
    }

    [Fact]
    public async Task ReorderWebhooks_OfTwo_ArriveTheOtherWayRound()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect = "reorder_webhooks", input_seed = 1 });

        var first = await session.Live.Queue.SubmitAsync(Model, new GenerationInput { Prompt = "a", Seed = 1 }, new() { WebhookUrl = receiver.Url });
        await session.Live.Requests.WaitAsync(first.RequestId, EmulatorSession.Quickly);
        Assert.Empty(receiver.Requests);
        var second = await session.Live.Queue.SubmitAsync(Model, new GenerationInput { Prompt = "a", Seed = 2 }, new() { WebhookUrl = receiver.Url });

        var received = await ReceivedAsync(receiver, 2);
        Assert.Equal([second.RequestId, first.RequestId], received.Select(request => DeliveryIn(request).RequestId));
    }

    [Fact]
    public async Task WrongSignature_OnADelivery_IsMismatch()
    {
        await using var session = await EmulatorSession.StartAsync();
        await using var receiver = await FakeApi.StartAsync(Answers.Json("{}"));
        await session.ControlAsync("scenarios", new { effect = "wrong_signature", first = 1 });

        await session.Live.Queue.SubmitAsync(Model, Some.Input, new() { WebhookUrl = receiver.Url });

        Assert.Equal(SignatureCheck.Mismatch, Check((await ReceivedAsync(receiver, 1))[0], session));
    }

    /// <summary>The library downloads nothing itself; this is what a plain HTTP client meets at the addresses that it hands out.</summary>
    [Theory]
    [InlineData("truncate_media")]
    [InlineData("wrong_media_type")]
    [InlineData("redirect_media")]
    public async Task Media_Damaged_ShowsInTheDownload(string effect)
    {
        await using var session = await EmulatorSession.StartAsync();
        var result = await session.Live.SubscribeAsync(Model, Some.Input, wait: EmulatorSession.Quickly);
        await session.ControlAsync("scenarios", new { effect, first = 1, location = "https://example.com/elsewhere" });
        var address = result.Files[0].BestUrl;

        switch (effect)
        {
            case "truncate_media":
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => session.DownloadAsync(address));
                break;
            case "wrong_media_type":
                using (var response = await session.GetAsync(address))
                    Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
                break;
            default:
                using (var response = await session.GetAsync(address))
                    Assert.Equal((HttpStatusCode.Found, "https://example.com/elsewhere"), (response.StatusCode, response.Headers.Location!.AbsoluteUri));
                break;
        }
        Assert.Equal("PNG"u8.ToArray(), (await session.DownloadAsync(address))[1..4]);
    }

    [Fact]
    public async Task Rule_ByKey_StrikesThatKeyOnlyAndHidesIt()
    {
        await using var session = await EmulatorSession.StartAsync();
        var other = (await session.ControlAsync("keys", new { name = "other", environment = "live" })).GetProperty("key").GetString()!;

        var rule = await session.ControlAsync("scenarios", new { effect = "throttle", retry_after = 100, key = other });

        Assert.DoesNotContain(other, rule.GetRawText() + (await session.ReadAsync("scenarios")).GetRawText(), StringComparison.Ordinal);
        await session.Live.Queue.SubmitAsync(Model, Some.Input);
        await Assert.ThrowsAsync<ClipiaException>(() => session.Client(other).Queue.SubmitAsync(Model, Some.Input, new() { MaxAttempts = 1 }));
    }

    /// <summary>A seed that is posted makes the same jobs fail in every run.</summary>
    [Fact]
    public async Task Rule_WithAChanceAndASeed_StrikesTheSameJobsEachTime()
    {
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            await using var session = await EmulatorSession.StartAsync(new() { ImageSeconds = 0.01, Concurrency = 100 });
            await session.ControlAsync("scenarios", new { effect = "fail", probability = 0.5, seed = 11 });
            var ends = "";
            for (var job = 0; job < 16; job++)
                ends += (await session.Live.SubscribeAsync(Model, Some.Input, wait: new() { PollInterval = TimeSpan.FromMilliseconds(20) })).Status.Value[0];
            runs.Add(ends);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Contains('F', runs[0]);
        Assert.Contains('C', runs[0]);
    }

    [Fact]
    public async Task Rule_ByASeedBeforeTheInputIsRead_IsRefused()
    {
        await using var session = await EmulatorSession.StartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => session.ControlAsync("scenarios", new { effect = "throttle", input_seed = 1 }));
        await Assert.ThrowsAsync<HttpRequestException>(() => session.ControlAsync("scenarios", new { effect = "fail", key = "no-such-key" }));
    }

    private static async Task<JsonElement[]> EntriesAsync(EmulatorSession session) =>
        [.. (await session.ReadAsync("ledger")).GetProperty("entries").EnumerateArray()];

    private static async Task<IReadOnlyList<FakeRequest>> ReceivedAsync(FakeApi receiver, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (receiver.Requests.Count < count)
            await Task.Delay(20, patience.Token);
        return receiver.Requests;
    }

    private static SignatureCheck Check(FakeRequest request, EmulatorSession session) => WebhookSignature.Verify(
        request.Headers[WebhookSignature.HeaderName], request.Body, [session.WebhookSecret], TimeProvider.System.GetUtcNow(), WebhookSignature.DefaultTolerance);

    private static WebhookDelivery DeliveryIn(FakeRequest request)
    {
        Assert.True(WebhookDelivery.TryParse(request.Body, out var delivery));
        return delivery;
    }
}
