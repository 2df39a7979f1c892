using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class RetryTests
{
    [Fact]
    public async Task RetryPolicy_FailsTwice_WaitsWithBackoffAndSucceeds()
    {
        var attempts = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("flaky", _ => ++attempts < 3 ? throw new IOException("again") : "ok")
            .Orchestrator("retry", async context =>
            {
                var start = context.CurrentUtcDateTime;
                var policy = new RetryPolicy(5, TimeSpan.FromMinutes(1), backoffCoefficient: 2);
                await context.CallActivityAsync<string>("flaky", options: TaskOptions.FromRetryPolicy(policy));
                return (context.CurrentUtcDateTime - start).TotalMinutes;
            });
        await engine.StartAsync();

        var end = await engine.RunAsync("retry");

        Assert.Equal(3, attempts);
        Assert.Equal(3, end.ReadOutputAs<double>(), 0.01);
    }

    [Fact]
    public async Task RetryPolicy_UsedUp_ThrowsTheLastFailure()
    {
        var attempts = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("broken", _ => throw new IOException("no " + ++attempts))
            .Orchestrator("retry", async context =>
            {
                var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1));
                return await context.CallActivityAsync<string>("broken", options: TaskOptions.FromRetryPolicy(policy));
            });
        await engine.StartAsync();

        var end = await engine.RunAsync("retry");

        Assert.Equal(3, attempts);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("no 3", end.FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task RetryPolicy_HandleFailureSaysNo_IsNotRetried()
    {
        var attempts = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("broken", _ =>
            {
                attempts++;
                throw new ArgumentException("final");
            })
            .Orchestrator("retry", async context =>
            {
                var policy = new RetryPolicy(5, TimeSpan.FromSeconds(1))
                {
                    HandleFailure = failure => !failure.IsCausedBy<ArgumentException>(),
                };
                return await context.CallActivityAsync<string>("broken", options: TaskOptions.FromRetryPolicy(policy));
            });
        await engine.StartAsync();

        var end = await engine.RunAsync("retry");

        Assert.Equal(1, attempts);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
    }

    [Fact]
    public async Task RetryPolicy_TimeoutPassed_IsNotRetried()
    {
        var attempts = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("broken", _ => throw new IOException("no " + ++attempts))
            .Orchestrator("retry", async context =>
            {
                var policy = new RetryPolicy(
                    100, TimeSpan.FromMinutes(1), retryTimeout: TimeSpan.FromMinutes(3));
                return await context.CallActivityAsync<string>("broken", options: TaskOptions.FromRetryPolicy(policy));
            });
        await engine.StartAsync();

        await engine.RunAsync("retry");

        Assert.Equal(4, attempts);
    }

    [Fact]
    public async Task RetryHandler_DecidesAfterEachFailure_AndMayWait()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("broken", _ => throw new IOException("down"))
            .Orchestrator("retry", async context =>
            {
                var attempts = new List<int>();
                var options = TaskOptions.FromRetryHandler(async retry =>
                {
                    attempts.Add(retry.LastAttemptNumber);
                    await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                    return retry.LastAttemptNumber < 3 && retry.LastFailure.ErrorMessage == "down";
                });
                await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("broken", options: options));
                return string.Join(",", attempts);
            });
        await engine.StartAsync();

        Assert.Equal("1,2,3", (await engine.RunAsync("retry")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0.5)]
    public void RetryPolicy_NonsenseValues_AreRefused(int attempts, int seconds, double coefficient)
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new RetryPolicy(attempts, TimeSpan.FromSeconds(seconds), coefficient));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new RetryPolicy(1, TimeSpan.FromSeconds(2), maxRetryInterval: TimeSpan.FromSeconds(1)));
    }
}
