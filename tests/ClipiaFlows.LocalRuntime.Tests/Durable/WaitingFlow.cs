using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

/// <summary>An engine with one flow that waits for the event "go" and returns what came with it; instance "w" runs.</summary>
internal static class WaitingFlow
{
    public static async Task<EngineHarness> WaitingAsync()
    {
        var engine = new EngineHarness();
        engine.Orchestrator("wait", async context => await context.WaitForExternalEvent<object>("go"));
        await engine.StartAsync();
        await StartAsync(engine, "w");
        await engine.Client.WaitForInstanceStartAsync("w").WaitAsync(EngineHarness.Patience);
        return engine;
    }

    public static Task<string> StartAsync(
        EngineHarness engine, string id, params OrchestrationRuntimeStatus[] dedupeStatuses)
    {
        var options = new StartOrchestrationOptions(id);
        if (dedupeStatuses.Length > 0) options = options.WithDedupeStatuses(dedupeStatuses);
        return engine.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, options);
    }
}
