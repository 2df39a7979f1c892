using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask.Client;
using static ClipiaFlows.LocalRuntime.Tests.Durable.WaitingFlow;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class ClientTests
{
    [Fact]
    public async Task Suspend_EventsAreBuffered_ResumeGoesOn()
    {
        await using var engine = await WaitingAsync();

        await engine.Client.SuspendInstanceAsync("w", "pause");
        await engine.UntilAsync("w", found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await engine.Client.RaiseEventAsync("w", "go", "while suspended");
        await engine.RestartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await engine.GetAsync("w")).RuntimeStatus);

        await engine.Client.ResumeInstanceAsync("w");
        Assert.Equal("while suspended", (await engine.EndOfAsync("w")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_WhileSuspended_Ends()
    {
        await using var engine = await WaitingAsync();
        await engine.Client.SuspendInstanceAsync("w");

        await engine.Client.TerminateInstanceAsync("w", "stop");

        var end = await engine.EndOfAsync("w");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("stop", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Purge_RunningInstance_ThrowsInvalidOperationException()
    {
        await using var engine = await WaitingAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.PurgeInstanceAsync("w"));
    }

    [Fact]
    public async Task Purge_EndedInstance_IsGone()
    {
        await using var engine = await WaitingAsync();
        await engine.Client.TerminateInstanceAsync("w");
        await engine.EndOfAsync("w");

        var purged = await engine.Client.PurgeInstanceAsync("w");

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Null(await engine.Client.GetInstanceAsync("w"));
        Assert.Equal(0, (await engine.Client.PurgeInstanceAsync("w")).PurgedInstanceCount);
    }

    [Fact]
    public async Task PurgeAll_Filter_TakesOnlyEndedInstancesThatMatch()
    {
        await using var engine = await WaitingAsync();
        for (var i = 0; i < 250; i++)
        {
            await StartAsync(engine, $"x{i}");
            await engine.Client.RaiseEventAsync($"x{i}", "go", i);
        }

        for (var i = 0; i < 250; i++) await engine.EndOfAsync($"x{i}");

        var none = await engine.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Failed]));
        var all = await engine.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(engine.Time.GetUtcNow().AddHours(-1), engine.Time.GetUtcNow()));

        Assert.Equal((0, 250), (none.PurgedInstanceCount, all.PurgedInstanceCount));
        Assert.True(all.IsComplete);
        Assert.NotNull(await engine.Client.GetInstanceAsync("w"));
    }

    [Fact]
    public async Task Restart_NewId_ReturnsThatIdAndRunsWithTheSameInput()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("echo", context => Task.FromResult<object?>(context.GetInput<string>()));
        await engine.StartAsync();
        await engine.RunAsync("echo", "input", "e1");

        var id = await engine.Client.RestartAsync("e1", restartWithNewInstanceId: true);

        Assert.NotEqual("e1", id);
        Assert.Equal("input", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal("e1", await engine.Client.RestartAsync("e1"));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RestartAsync("nobody"));
    }

    [Fact]
    public async Task GetInstance_WithoutInputsAndOutputs_RefusesToReadThem()
    {
        await using var engine = await WaitingAsync();

        var found = await engine.Client.GetInstanceAsync("w");

        Assert.Null(found!.SerializedInput);
        Assert.Throws<InvalidOperationException>(() => found.ReadInputAs<string>());
        Assert.True(found.IsRunning);
    }

    [Fact]
    public async Task CustomStatus_Over16KB_IsRefused()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("status", context =>
        {
            context.SetCustomStatus(new string('x', 8_190));
            return Task.FromResult<object?>(
                Record.Exception(() => context.SetCustomStatus(new string('x', 8_191))) is ArgumentException);
        });
        await engine.StartAsync();

        var end = await engine.RunAsync("status");

        Assert.True(end.ReadOutputAs<bool>());
        Assert.Equal(8_190, end.ReadCustomStatusAs<string>()!.Length);
    }

    [Fact]
    public async Task WaitForInstanceCompletion_InstanceEnds_IsToldAtOnce()
    {
        await using var engine = await WaitingAsync();
        var end = engine.Client.WaitForInstanceCompletionAsync("w", getInputsAndOutputs: true);
        Assert.False(end.IsCompleted);

        await engine.Client.RaiseEventAsync("w", "go", "now");

        // The clock stands still: nothing polls.
        Assert.Equal("now", (await end.WaitAsync(EngineHarness.Patience)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForInstanceStart_InstanceThatNeverWas_WaitsUntilCancelled()
    {
        await using var engine = await WaitingAsync();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => engine.Client.WaitForInstanceStartAsync("nobody", giveUp.Token));
    }
}
