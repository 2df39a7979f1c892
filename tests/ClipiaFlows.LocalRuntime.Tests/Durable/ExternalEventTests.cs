using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class ExternalEventTests
{
    [Fact]
    public async Task WaitForExternalEvent_RaisedBeforeTheWait_AreBufferedAndDeliveredInOrder()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("collect", async context =>
        {
            context.SetCustomStatus("listening");
            await context.WaitForExternalEvent<string>("go");
            var first = await context.WaitForExternalEvent<int>("number");
            var second = await context.WaitForExternalEvent<int>("number");
            return $"{first},{second}";
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("collect");
        await engine.UntilStatusAsync(id, "listening");

        await engine.Client.RaiseEventAsync(id, "number", 1);
        await engine.Client.RaiseEventAsync(id, "number", 2);
        await engine.Client.RaiseEventAsync(id, "go", "x");

        Assert.Equal("1,2", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RaiseEvent_RightAfterTheStart_IsNotLost()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("wait", async context => await context.WaitForExternalEvent<string>("go"));
        await engine.StartAsync();

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await engine.Client.RaiseEventAsync(id, "GO", "early");

        Assert.Equal("early", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_SeveralWaiters_TheNewestGetsTheNextEvent()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("stack", async context =>
        {
            var older = context.WaitForExternalEvent<string>("e");
            var newer = context.WaitForExternalEvent<string>("E");
            context.SetCustomStatus("waiting");
            var first = await Task.WhenAny(older, newer) == newer ? "newer" : "older";
            return $"{first} {await newer} {await older}";
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("stack");
        await engine.UntilStatusAsync(id, "waiting");

        await engine.Client.RaiseEventAsync(id, "e", "a");
        await engine.Client.RaiseEventAsync(id, "e", "b");

        Assert.Equal("newer a b", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_SameNameOtherType_ThrowsArgumentException()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("types", context =>
        {
            _ = context.WaitForExternalEvent<string>("e");
            return Task.FromResult<object?>(Record.Exception(() => { _ = context.WaitForExternalEvent<int>("e"); })?.GetType().Name);
        });
        await engine.StartAsync();

        Assert.Equal("ArgumentException", (await engine.RunAsync("types")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_CancelledWait_StaysOnTheStackAndSwallowsNothing()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("cancel", async context =>
        {
            using var giveUp = new CancellationTokenSource();
            var older = context.WaitForExternalEvent<string>("e");
            var abandoned = context.WaitForExternalEvent<string>("e", giveUp.Token);
            giveUp.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);

            // It still stands there, and its type with it.
            Assert.Throws<ArgumentException>(() => { _ = context.WaitForExternalEvent<int>("e"); });
            context.SetCustomStatus("cancelled");
            var first = await older;
            await context.WaitForExternalEvent<string>("go");
            return $"{first}, {await context.WaitForExternalEvent<string>("e")}";
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("cancel");
        await engine.UntilStatusAsync(id, "cancelled");

        await engine.Client.RaiseEventAsync(id, "e", "for the older wait");
        await engine.Client.RaiseEventAsync(id, "e", "kept");
        await engine.Client.RaiseEventAsync(id, "go", "x");

        Assert.Equal("for the older wait, kept", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_Timeout_ThrowsTaskCanceledException()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("timeout", async context =>
        {
            await Assert.ThrowsAsync<TaskCanceledException>(
                () => context.WaitForExternalEvent<string>("e", TimeSpan.FromDays(7)));
            return context.CurrentUtcDateTime;
        });
        await engine.StartAsync();
        var start = engine.Time.GetUtcNow();

        var end = await engine.RunAsync("timeout");

        Assert.Equal(start + TimeSpan.FromDays(7), end.ReadOutputAs<DateTime>());
    }

    [Fact]
    public async Task WaitForExternalEvent_EventWinsOverTimeout_ItsTimerIsCancelled()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("win", async context => await context.WaitForExternalEvent<string>("e", TimeSpan.FromDays(7)));
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("win");
        await engine.Client.RaiseEventAsync(id, "e", "now");

        var end = await engine.Client.WaitForInstanceCompletionAsync(id, true).WaitAsync(EngineHarness.Patience);

        Assert.Equal("now", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Orchestrator_UncaughtTaskCanceledException_DoesNotComplete()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("uncaught", async context =>
            await context.WaitForExternalEvent<string>("e", TimeSpan.FromMinutes(1)));
        await engine.StartAsync();

        var end = await engine.RunAsync("uncaught");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(AggregateException).FullName, end.FailureDetails!.ErrorType);
        Assert.Equal(typeof(TaskCanceledException).FullName, end.FailureDetails.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_PendingWaitWhenItReturns_Completes()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("leave", context =>
        {
            _ = context.WaitForExternalEvent<string>("never");
            return Task.FromResult<object?>("left");
        });
        await engine.StartAsync();

        Assert.Equal("left", (await engine.RunAsync("leave")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RaiseEvent_MissingInstance_IsDroppedWithAWarning()
    {
        await using var engine = await new EngineHarness().StartAsync();

        await engine.Client.RaiseEventAsync("nobody", "e", 1);

        Assert.Contains(engine.Logs.Lines, line => line.Contains("nobody", StringComparison.Ordinal));
        Assert.Null(await engine.Client.GetInstanceAsync("nobody"));
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_Arrives()
    {
        await using var engine = new EngineHarness();
        engine
            .Orchestrator("receiver", async context => await context.WaitForExternalEvent<int>("e"))
            .Orchestrator("sender", context =>
            {
                context.SendEvent("r1", "E", 42);
                return Task.FromResult<object?>(null);
            });
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("receiver", null, new StartOrchestrationOptions("r1"));

        await engine.RunAsync("sender");

        Assert.Equal(42, (await engine.EndOfAsync("r1")).ReadOutputAs<int>());
    }
}
