using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>Wakes running batches every minute, whatever message was lost, and tells where they stand.</summary>
public sealed class Watchdog(BatchInstances batches, DurationMemory durations, BatchProgress progress)
{
    /// <summary>Looks after every batch that is not finished, and keeps what was learned of durations.</summary>
    [Function("watchdog")]
    public async Task Run(
        [TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await batches.WakeAllAsync(client, cancellationToken);
        await durations.SaveAsync(cancellationToken);
        await progress.TellAsync(cancellationToken);
    }
}
