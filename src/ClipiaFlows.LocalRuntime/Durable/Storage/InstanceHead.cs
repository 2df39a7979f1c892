using System.Globalization;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>What a message needs to know of the instance that it is for.</summary>
internal sealed record InstanceHead(long Key, string Id, OrchestrationRuntimeStatus Status, long Generation)
{
    /// <summary>Where a list that ended with this instance goes on.</summary>
    public string Continuation => Key.ToString(CultureInfo.InvariantCulture);

    public bool IsActive => Status
        is OrchestrationRuntimeStatus.Pending
        or OrchestrationRuntimeStatus.Running
        or OrchestrationRuntimeStatus.Suspended;
}
