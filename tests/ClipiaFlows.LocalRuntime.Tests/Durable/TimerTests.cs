using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class TimerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(60)]
    public async Task CreateTimer_AnyLength_FiresAtItsTime(int days)
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("sleep", async context =>
        {
            var until = context.CurrentUtcDateTime.AddDays(days).AddMilliseconds(1);
            await context.CreateTimer(until, CancellationToken.None);
            return context.CurrentUtcDateTime >= until && context.CurrentUtcDateTime < until.AddSeconds(1);
        });
        await engine.StartAsync();

        Assert.True((await engine.RunAsync("sleep")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task CreateTimer_Cancelled_ThrowsTaskCanceledExceptionAndDoesNotHoldTheInstance()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("cancel", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(30), cancel.Token);
            cancel.Cancel();
            await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
            return "cancelled";
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("cancel");

        var end = await engine.Client.WaitForInstanceCompletionAsync(id, true).WaitAsync(EngineHarness.Patience);

        Assert.Equal("cancelled", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CreateTimer_CancelledInALaterTurn_LeavesTheQueue()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("race", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(30), cancel.Token);
            var go = context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus("racing");
            var winner = await Task.WhenAny(timer, go);
            cancel.Cancel();
            context.SetCustomStatus("over");
            await context.WaitForExternalEvent<string>("end");
            return winner == go;
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("race");
        await engine.UntilStatusAsync(id, "racing");
        await engine.Client.RaiseEventAsync(id, "go", "x");
        await engine.UntilStatusAsync(id, "over");

        await engine.RestartAsync();
        engine.Time.Advance(TimeSpan.FromDays(60));
        await engine.Client.RaiseEventAsync(id, "end", "x");

        Assert.True((await engine.EndOfAsync(id)).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task CreateTimer_LeftRunning_KeepsTheInstanceRunningUntilItFires()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("leave", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(2), CancellationToken.None);
            context.SetCustomStatus("returned");
            return Task.FromResult<object?>("done");
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("leave");
        await engine.UntilStatusAsync(id, "returned");

        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Client.RaiseEventAsync(id, "nothing", 1);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync(id)).RuntimeStatus);

        engine.Time.Advance(TimeSpan.FromDays(1));
        var end = await engine.UntilAsync(id, found => found.IsCompleted);
        Assert.Equal("done", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CreateTimer_EngineWasDownWhenDue_FiresAfterTheStart()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("sleep", async context =>
        {
            context.SetCustomStatus("asleep");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return "awake";
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("sleep");
        await engine.UntilStatusAsync(id, "asleep");

        await engine.StopAsync();
        engine.Time.Advance(TimeSpan.FromHours(2));
        await engine.StartAsync();

        Assert.Equal("awake", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }
}
