using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class VersionTests
{
    [Fact]
    public async Task ScheduleNew_VersionWithoutDefaultVersion_StaysPendingForEver()
    {
        await using var engine = await AppAsync(null);
        await ScheduleAsync(engine, "v", "2.0");

        await engine.RestartAsync();
        engine.Time.Advance(TimeSpan.FromDays(1));
        await UntilLeftAsync(engine, "v");

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await engine.GetAsync("v")).RuntimeStatus);
        await engine.Client.TerminateInstanceAsync("v");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndOfAsync("v")).RuntimeStatus);
    }

    [Fact]
    public async Task Version_WithDefaultVersion_IsWhatTheContextTells()
    {
        await using var engine = await AppAsync("1.5");

        Assert.Equal("1.5/1.5", (await engine.RunAsync("version")).ReadOutputAs<string>());
        await ScheduleAsync(engine, "older", "1.2");
        Assert.Equal("1.2/1.5", (await engine.EndOfAsync("older")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(VersionMatchStrategy.None, "2.0", true)]
    [InlineData(VersionMatchStrategy.Strict, "1.5", true)]
    [InlineData(VersionMatchStrategy.Strict, "1.4", false)]
    [InlineData(VersionMatchStrategy.Strict, "1.5.0", false)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.4", true)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.10", false)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "", true)]
    public async Task VersionMatchStrategy_InstanceOfAVersion_RunsOnlyWhenItMatches(
        VersionMatchStrategy strategy, string version, bool runs)
    {
        await using var engine = await AppAsync("1.5", strategy, VersionFailureStrategy.Fail);

        await ScheduleAsync(engine, "v", version);
        var end = await engine.EndOfAsync("v");

        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        if (!runs) Assert.Equal("VersionMismatch", end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task VersionFailureStrategy_Reject_WaitsForAnAppOfItsVersionWithAllItsEvents()
    {
        var own = "1.0";
        await using var engine = new EngineHarness(options => options.DefaultVersion = own);
        engine.Orchestrator("wait", async context =>
            $"{await context.WaitForExternalEvent<string>("go")} in {context.Version}");
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "wait", null, new StartOrchestrationOptions("v") { Version = "2.0" });
        await engine.Client.RaiseEventAsync("v", "go", "kept");
        await UntilLeftAsync(engine, "v");

        own = "2.0";
        await engine.RestartAsync();

        var end = await engine.EndOfAsync("v");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("kept in 2.0", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task VersionMatchStrategy_AppOfAnOlderVersionFindsARunningInstance_LeavesIt()
    {
        var own = "2.0";
        await using var engine = new EngineHarness(options => options.DefaultVersion = own);
        engine.Orchestrator("wait", async context => await context.WaitForExternalEvent<string>("go"));
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await engine.Client.WaitForInstanceStartAsync(id);

        own = "1.0";
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "go", "x");
        await UntilLeftAsync(engine, id);

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync(id)).RuntimeStatus);
    }

    private static Task UntilLeftAsync(EngineHarness engine, string id) => Eventually.Holds(
        () => engine.Logs.Lines.Any(line => line.StartsWith($"Instance '{id}' has version", StringComparison.Ordinal)));

    private static Task<EngineHarness> AppAsync(
        string? version,
        VersionMatchStrategy match = VersionMatchStrategy.CurrentOrOlder,
        VersionFailureStrategy failure = VersionFailureStrategy.Reject) =>
        new EngineHarness(options =>
        {
            options.DefaultVersion = version;
            options.VersionMatchStrategy = match;
            options.VersionFailureStrategy = failure;
        })
        .Orchestrator("child", context => Task.FromResult<object?>(context.Version))
        .Orchestrator("version", async context =>
            $"{context.Version}/{await context.CallSubOrchestratorAsync<string>("child")}")
        .StartAsync();

    private static Task<string> ScheduleAsync(EngineHarness engine, string id, string version) =>
        engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "version", null, new StartOrchestrationOptions(id) { Version = version });
}
