using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Durable;

/// <summary>Starts instances of known ids, whatever has become of earlier ones.</summary>
internal static class InstanceStart
{
    private static readonly OrchestrationRuntimeStatus[] Active =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>Starts an instance unless one of that id is active. May be repeated.</summary>
    /// <param name="client">The client.</param>
    /// <param name="flow">The flow's name.</param>
    /// <param name="id">The instance's id.</param>
    /// <param name="input">Its input.</param>
    /// <param name="alsoAfterCompletion">Whether an instance that has completed may run again.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns><c>false</c> when one was there.</returns>
    public static async Task<bool> TryAsync(
        DurableTaskClient client, string flow, string id, object input, bool alsoAfterCompletion, CancellationToken cancellation)
    {
        var leftAlone = alsoAfterCompletion ? Active : [.. Active, OrchestrationRuntimeStatus.Completed];
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                flow, input, new StartOrchestrationOptions(id).WithDedupeStatuses(leftAlone), cancellation);
            return true;
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            // Which exception says "exists already" depends on the backend; whether it exists does not.
            if (await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellation) is null)
                throw;
            return false;
        }
    }
}
