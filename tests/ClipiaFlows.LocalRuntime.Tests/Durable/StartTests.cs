using ClipiaFlows.LocalRuntime.Tests.Support;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static ClipiaFlows.LocalRuntime.Tests.Durable.WaitingFlow;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class StartTests
{
    [Fact]
    public async Task ScheduleNewOrchestrationInstance_EmptyInstanceId_GetsARandomOne()
    {
        await using var engine = await new EngineHarness().Orchestrator("flow", _ => Task.FromResult<object?>("done")).StartAsync();

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow", new StartOrchestrationOptions(InstanceId: ""));

        Assert.True(Guid.TryParseExact(id, "N", out _));
        Assert.Equal("\"done\"", (await engine.EndOfAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task ScheduleNew_IdIsActive_ThrowsOrchestrationAlreadyExists()
    {
        await using var engine = await WaitingAsync();

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => StartAsync(engine, "w"));
    }

    [Fact]
    public async Task ScheduleNew_IdHasCompleted_StartsAgain()
    {
        await using var engine = await WaitingAsync();
        await engine.Client.RaiseEventAsync("w", "go", "first");
        await engine.EndOfAsync("w");

        await StartAsync(engine, "w");
        await engine.Client.RaiseEventAsync("w", "go", "second");

        Assert.Equal("second", (await engine.EndOfAsync("w")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ScheduleNew_StatusIsAmongTheDedupeStatuses_Throws()
    {
        await using var engine = await WaitingAsync();
        await engine.Client.RaiseEventAsync("w", "go", "first");
        await engine.EndOfAsync("w");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => StartAsync(engine, "w", OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Running));
    }

    [Fact]
    public async Task ScheduleNew_ActiveAndNotAmongTheDedupeStatuses_ReplacesTheInstance()
    {
        await using var engine = await WaitingAsync();

        await StartAsync(engine, "w", OrchestrationRuntimeStatus.Completed);
        await engine.Client.RaiseEventAsync("w", "go", "replaced");

        Assert.Equal("replaced", (await engine.EndOfAsync("w")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ScheduleNew_ManyAtOnceWithOneId_OneWins()
    {
        await using var engine = await WaitingAsync();

        var starts = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => Record.ExceptionAsync(() => StartAsync(engine, "same"))));

        Assert.Single(starts, thrown => thrown is null);
    }

    [Fact]
    public async Task ScheduleNew_StartAt_IsPendingUntilThen()
    {
        await using var engine = await WaitingAsync();
        var at = engine.Time.GetUtcNow().AddHours(3);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "wait", null, new StartOrchestrationOptions("later", at));
        await engine.Client.RaiseEventAsync("later", "go", "kept");

        await engine.RestartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await engine.GetAsync("later")).RuntimeStatus);

        var end = await engine.EndOfAsync("later");
        Assert.Equal("kept", end.ReadOutputAs<string>());
        Assert.True(end.LastUpdatedAt >= at);
    }
}
