using Clipia.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Clipia.Tests.Client;

public sealed class WaitTests
{
    private static readonly Func<HttpContext, Task> Pending = Answers.Json("""{"request_id":"r1","status":"IN_PROGRESS","progress":10}""", 202);
    private static readonly Func<HttpContext, Task> Done = Answers.Json("""{"request_id":"r1","status":"COMPLETED","cost":4}""");

    [Fact]
    public async Task WaitAsync_WithoutProgress_ReadsOnlyTheResult()
    {
        await using var api = await FakeApi.StartAsync(Pending, Pending, Done);
        var time = new JumpingTime();

        var result = await Some.Client(api, time).Requests.WaitAsync(new("r1"));

        Assert.Equal(RequestStatus.Completed, result.Status);
        Assert.All(api.Requests, request => Assert.Equal("/v1/requests/r1", request.Target));
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)], time.Pauses);
    }

    [Fact]
    public async Task WaitAsync_WithProgress_ReportsEachLookAndReadsTheResultOnce()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json("""{"request_id":"r1","status":"IN_QUEUE","queue_position":1}"""),
            Answers.Json("""{"request_id":"r1","status":"IN_PROGRESS","progress":50}"""),
            Answers.Json("""{"request_id":"r1","status":"FAILED"}"""),
            Answers.Json("""{"request_id":"r1","status":"FAILED","error":{"code":"GENERATION_FAILED","message":"m"}}"""));
        var seen = new Seen();

        var result = await Some.Client(api).Requests.WaitAsync(new("r1"), progress: seen);

        Assert.Equal("GENERATION_FAILED", result.Error?.Code);
        Assert.Equal(["IN_QUEUE", "IN_PROGRESS", "FAILED"], seen.States.Select(state => state.Status.Value));
        Assert.Equal(4, api.Requests.Count);
    }

    [Fact]
    public async Task WatchAsync_EndsWithTheTerminalStatus()
    {
        await using var api = await FakeApi.StartAsync(Pending, Pending, Done);
        var states = new List<string>();

        await foreach (var state in Some.Client(api).Requests.WatchAsync(new("r1")))
            states.Add($"{state.Status} {state.Progress}");

        Assert.Equal(["IN_PROGRESS 10", "IN_PROGRESS 10", "COMPLETED "], states);
    }

    [Fact]
    public async Task WaitAsync_TransientTroubleOverTheClientsOwnTries_IsBorne()
    {
        await using var api = await FakeApi.StartAsync(
            (context, n) => n <= 12 ? Answers.Html(502)(context) : Done(context));
        var client = Some.Client(api, configure: options => options.MaxAttempts = 2);

        Assert.Equal(4m, (await client.Requests.WaitAsync(new("r1"))).Cost);
    }

    [Fact]
    public async Task WaitAsync_RefusedForGood_ThrowsAtOnce()
    {
        await using var api = await FakeApi.StartAsync(Pending, Answers.Error(404, "not_found"));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Requests.WaitAsync(new("r1")));

        Assert.Equal(ClipiaErrorCodes.NotFound, failure.Code);
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task WaitAsync_NeverOver_GivesUpAfterTheTimeoutWithOneLastLook()
    {
        await using var api = await FakeApi.StartAsync(Pending);
        var time = new JumpingTime();
        var started = time.GetTimestamp();

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api, time).Requests.WaitAsync(
            new("r1"), new WaitOptions { Timeout = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromSeconds(7) }));

        Assert.Equal(ClipiaErrorCodes.WaitTimeout, failure.Code);
        Assert.Equal(new RequestId("r1"), failure.RequestId);
        Assert.Equal(TimeSpan.FromMinutes(1), time.GetElapsedTime(started));
        Assert.Equal(time.Pauses.Count + 1, api.Requests.Count);
        Assert.All(time.Pauses, pause => Assert.True(pause <= TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public async Task WaitAsync_AskedToPauseBeyondTheTimeout_GivesUpWithoutPausing()
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "3600")));
        var time = new JumpingTime();
        var client = Some.Client(api, time, options => options.MaxAttempts = 1);

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => client.Requests.WaitAsync(new("r1")));

        Assert.Equal(ClipiaErrorCodes.WaitTimeout, failure.Code);
        Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
        Assert.Empty(time.Pauses);
    }

    [Fact]
    public async Task WaitAsync_AskedForALongerPause_MakesIt()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "90")), Done);
        var time = new JumpingTime();
        var client = Some.Client(api, time, options => options.MaxAttempts = 1);

        await client.Requests.WaitAsync(new("r1"));

        Assert.Equal([TimeSpan.FromSeconds(90)], time.Pauses);
    }

    [Fact]
    public async Task SubscribeAsync_LiveKey_SubmitsWaitsAndReadsTheResult()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json(Some.SubmitAnswer),
            Answers.Json("""{"request_id":"r1","status":"IN_PROGRESS"}"""),
            Answers.Json("""{"request_id":"r1","status":"COMPLETED"}"""),
            Done);
        var seen = new Seen();

        var result = await Some.Client(api).SubscribeAsync("m", Some.Input, progress: seen);

        Assert.Equal(4m, result.Cost);
        Assert.Equal(["IN_QUEUE", "IN_PROGRESS", "COMPLETED"], seen.States.Select(state => state.Status.Value));
    }

    [Fact]
    public async Task SubscribeAsync_TestKeyCompletedAtOnce_ReadsTheResultAtOnce()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json("""{"request_id":"r1","status":"COMPLETED","queue_position":0,"cost":4}"""), Done);
        var time = new JumpingTime();
        var seen = new Seen();

        await Some.Client(api, time).SubscribeAsync("m", Some.Input, progress: seen);

        Assert.Equal(2, api.Requests.Count);
        Assert.Single(seen.States);
        Assert.Empty(time.Pauses);
    }

    private sealed class Seen : IProgress<RequestState>
    {
        public List<RequestState> States { get; } = [];

        public void Report(RequestState value) => States.Add(value);
    }
}
