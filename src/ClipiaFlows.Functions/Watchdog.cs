using ClipiaFlows.Production;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>Wakes running batches every minute, whatever message was lost.</summary>
public sealed class Watchdog(BatchInstances batches)
{
    /// <summary>Looks after every batch that is not finished.</summary>
    [Function("watchdog")]
    public Task Run(
        [TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        batches.WakeAllAsync(client, cancellationToken);
}
