using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class SubOrchestrationTests
{
    [Fact]
    public async Task CallSubOrchestrator_ReturnsAValue_ParentGetsItAndChildKnowsTheParent()
    {
        await using var engine = new EngineHarness();
        engine
            .Orchestrator("child", context =>
                Task.FromResult<object?>($"{context.Parent!.Name.Name}/{context.Parent.InstanceId}/{context.GetInput<int>()}"))
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<string>(
                "CHILD", 7, new SubOrchestrationOptions(instanceId: "c1")));
        await engine.StartAsync();

        var end = await engine.RunAsync("parent", instanceId: "p1");

        Assert.Equal("parent/p1/7", end.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.GetAsync("c1")).RuntimeStatus);
    }

    [Fact]
    public async Task CallSubOrchestrator_ChildFails_ParentGetsItsFailure()
    {
        await using var engine = new EngineHarness();
        engine
            .Orchestrator("child", _ => throw new InvalidDataException("bad reel"))
            .Orchestrator("parent", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(
                    () => context.CallSubOrchestratorAsync("child"));
                return $"{failed.TaskName}|{failed.FailureDetails.ErrorType}|{failed.FailureDetails.ErrorMessage}";
            });
        await engine.StartAsync();

        Assert.Equal(
            "child|System.IO.InvalidDataException|bad reel", (await engine.RunAsync("parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestrator_UnknownName_FailsWithOrchestratorTaskNotFound()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("parent", async context =>
        {
            var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync(
                "nobody", options: TaskOptions.FromRetryPolicy(new RetryPolicy(4, TimeSpan.FromSeconds(1)))));
            return failed.FailureDetails.ErrorType;
        });
        await engine.StartAsync();

        Assert.Equal("OrchestratorTaskNotFound", (await engine.RunAsync("parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestrator_WithRetry_ReusesTheInstanceId()
    {
        var attempts = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("count", _ => ++attempts)
            .Orchestrator("child", async context =>
                await context.CallActivityAsync<int>("count") < 3 ? throw new IOException("again") : context.InstanceId)
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<string>(
                "child", options: new SubOrchestrationOptions(new RetryPolicy(5, TimeSpan.FromSeconds(1)), "c1")));
        await engine.StartAsync();

        Assert.Equal("c1", (await engine.RunAsync("parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestrator_IdIsActive_FailsTheCall()
    {
        await using var engine = new EngineHarness();
        engine
            .Orchestrator("child", async context => await context.WaitForExternalEvent<string>("go"))
            .Orchestrator("parent", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync(
                    "child", options: new SubOrchestrationOptions(instanceId: "c1")));
                return failed.FailureDetails.ErrorType;
            });
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("child", null, new StartOrchestrationOptions("c1"));

        var end = await engine.RunAsync("parent");

        Assert.EndsWith("OrchestrationAlreadyExistsException", end.ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TerminateInstance_Recursive_EndsChildrenAndGrandchildren()
    {
        await using var engine = await TreeAsync();

        await engine.Client.TerminateInstanceAsync("p", new TerminateInstanceOptions("enough", Recursive: true));

        foreach (var id in new[] { "p", "c", "g" })
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndOfAsync(id)).RuntimeStatus);
        Assert.Equal("enough", (await engine.GetAsync("p")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task TerminateInstance_NotRecursive_LeavesChildrenRunning()
    {
        await using var engine = await TreeAsync();

        await engine.Client.TerminateInstanceAsync("p", "enough");

        await engine.EndOfAsync("p");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync("c")).RuntimeStatus);
    }

    [Fact]
    public async Task TerminateInstance_Child_FailsTheParentsCall()
    {
        await using var engine = await TreeAsync();

        await engine.Client.TerminateInstanceAsync("g", "enough");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndOfAsync("p")).RuntimeStatus);
    }

    [Fact]
    public async Task PurgeInstance_Recursive_TakesTheChildrenToo()
    {
        await using var engine = await TreeAsync();
        await engine.Client.TerminateInstanceAsync("p", new TerminateInstanceOptions(Recursive: true));
        foreach (var id in new[] { "p", "c", "g" }) await engine.EndOfAsync(id);

        var purged = await engine.Client.PurgeInstanceAsync("p", new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(3, purged.PurgedInstanceCount);
        Assert.Null(await engine.Client.GetInstanceAsync("g"));
    }

    private static async Task<EngineHarness> TreeAsync()
    {
        var engine = new EngineHarness();
        engine
            .Orchestrator("grandchild", async context => await context.WaitForExternalEvent<string>("go"))
            .Orchestrator("child", async context => await context.CallSubOrchestratorAsync<string>(
                "grandchild", options: new SubOrchestrationOptions(instanceId: "g")))
            .Orchestrator("parent", async context => await context.CallSubOrchestratorAsync<string>(
                "child", options: new SubOrchestrationOptions(instanceId: "c")));
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("parent", null, new StartOrchestrationOptions("p"));
        await engine.Client.WaitForInstanceStartAsync("g").WaitAsync(EngineHarness.Patience);
        return engine;
    }
}
