using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace ClipiaFlows.Functions;

/// <summary>The orchestrations, as the host runs them.</summary>
public static class FlowTriggers
{
    /// <summary>Binds <see cref="RunBatch"/>.</summary>
    [Function(RunBatch.Name)]
    public static Task OfBatch([OrchestrationTrigger] TaskOrchestrationContext context) => RunBatch.RunAsync(context);

    /// <summary>Binds <see cref="RunJob"/>.</summary>
    [Function(RunJob.Name)]
    public static Task OfJob([OrchestrationTrigger] TaskOrchestrationContext context) => RunJob.RunAsync(context);

    /// <summary>Binds <see cref="TellOthers"/>.</summary>
    [Function(TellOthers.Name)]
    public static Task OfEvents([OrchestrationTrigger] TaskOrchestrationContext context) => TellOthers.RunAsync(context);
}
