using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

internal static class Statuses
{
    public static bool IsEnded(this OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed
        or OrchestrationRuntimeStatus.Terminated;
}
