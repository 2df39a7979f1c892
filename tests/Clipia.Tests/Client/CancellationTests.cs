using System.Diagnostics;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class CancellationTests
{
    [Fact]
    public async Task Call_CanceledBefore_SendsNothing()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Some.Client(api).Account.GetAsync(new CancellationToken(canceled: true)));

        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Call_CanceledWhileUnanswered_EndsAtOnceAsCancellation()
    {
        using var cancel = new CancellationTokenSource();
        await using var api = await FakeApi.StartAsync(context =>
        {
            cancel.Cancel();
            return Answers.Hang(context);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Some.Client(api).Account.GetAsync(cancel.Token));

        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Call_CanceledAmidAnAnswer_EndsAtOnceAsCancellation()
    {
        using var cancel = new CancellationTokenSource();
        await using var api = await FakeApi.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync("{"u8.ToArray());
            await context.Response.Body.FlushAsync();
            cancel.CancelAfter(100);
            await Answers.Hang(context);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Some.Client(api).Account.GetAsync(cancel.Token));
    }

    [Fact]
    public async Task Call_CanceledInAPauseOfTwoMinutes_EndsAtOnceAsCancellation()
    {
        using var cancel = new CancellationTokenSource();
        await using var api = await FakeApi.StartAsync(async context =>
        {
            await Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "120"))(context);
            cancel.CancelAfter(200);
        });
        var started = Stopwatch.GetTimestamp();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Some.Client(api, TimeProvider.System).Account.GetAsync(cancel.Token));

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60));
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Wait_CanceledBetweenLooks_EndsAtOnceAsCancellation()
    {
        using var cancel = new CancellationTokenSource();
        await using var api = await FakeApi.StartAsync(async context =>
        {
            await Answers.Json("""{"request_id":"r1","status":"IN_PROGRESS"}""", 202)(context);
            cancel.CancelAfter(200);
        });
        var options = new WaitOptions { PollInterval = TimeSpan.FromMinutes(5), LongestPause = TimeSpan.FromMinutes(5) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Some.Client(api, TimeProvider.System).Requests.WaitAsync(new("r1"), options, null, cancel.Token));

        Assert.Single(api.Requests);
    }
}
