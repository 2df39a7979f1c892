using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class CallOptionsTests
{
    public static TheoryData<string, Func<ClipiaClient, CallOptions, Task>> Calls { get; } = new()
    {
        { "account", (client, options) => client.Account.GetAsync(options) },
        { "models", (client, options) => client.Models.ListAsync(options) },
        { "model", (client, options) => client.Models.GetAsync("sora-2", options) },
        { "estimate", (client, options) => client.Models.EstimateAsync("sora-2", Some.Input, options) },
        { "status", (client, options) => client.Requests.GetStatusAsync(new("r1"), options) },
        { "result", (client, options) => client.Requests.GetResultAsync(new("r1"), options) },
        { "submit", (client, options) => client.Queue.SubmitAsync("sora-2", QueueClient.CreateBody(Some.Input, null), "key", options) },
        {
            "submit input", (client, options) => client.Queue.SubmitAsync(
                "sora-2", Some.Input, new SubmitOptions { Timeout = options.Timeout, MaxAttempts = options.MaxAttempts, RetryBudget = options.RetryBudget })
        },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task EachCall_OwnPatience_GoesBeforeTheClients(string call, Func<ClipiaClient, CallOptions, Task> send)
    {
        await using var hangs = await FakeApi.StartAsync(Answers.Hang);
        var late = await Assert.ThrowsAsync<ClipiaException>(
            () => send(Some.Client(hangs), new() { Timeout = TimeSpan.FromMilliseconds(150), MaxAttempts = 2 }));
        Assert.Equal((ClipiaErrorCodes.Timeout, 2, call), (late.Code, late.Attempts, call));

        await using var fails = await FakeApi.StartAsync(Answers.Error(503, "service_unavailable", ("Retry-After", "20")));
        var refused = await Assert.ThrowsAsync<ClipiaException>(
            () => send(Some.Client(fails), new() { RetryBudget = TimeSpan.FromSeconds(50) }));
        Assert.Equal(3, refused.Attempts);
    }

    [Theory]
    [InlineData(0.05, null, null)]
    [InlineData(601.0, null, null)]
    [InlineData(null, 0, null)]
    [InlineData(null, 51, null)]
    [InlineData(null, null, -1.0)]
    [InlineData(null, null, 24.0)]
    public async Task Patience_OutOfRange_IsRefusedBeforeSending(double? timeoutSeconds, int? attempts, double? budgetHours)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        var options = new CallOptions
        {
            Timeout = timeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MaxAttempts = attempts,
            RetryBudget = budgetHours is { } hours ? TimeSpan.FromHours(hours) : null,
        };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Some.Client(api).Account.GetAsync(options));

        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Wait_WithCallOptions_IsAsPatientWithEachLook()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Hang, Answers.Json("""{"request_id":"r1","status":"COMPLETED"}"""));

        var result = await Some.Client(api).Requests.WaitAsync(
            new("r1"), new() { Call = new() { Timeout = TimeSpan.FromSeconds(1.5), MaxAttempts = 1 } });

        Assert.Equal(RequestStatus.Completed, result.Status);
        Assert.Equal(2, api.Requests.Count);
    }
}
