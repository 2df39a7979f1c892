using ClipiaFlows.Retention;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>Deletes old batches, where the settings say how long they are kept.</summary>
public sealed class RetentionTimer(RetireBatches retire)
{
    /// <summary>Looks every ten minutes.</summary>
    [Function("retention")]
    public Task Run(
        [TimerTrigger("30 5-59/10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        retire.RunAsync(client, cancellationToken);
}
