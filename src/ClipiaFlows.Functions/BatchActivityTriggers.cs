using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>The activities of a batch, as the host runs them.</summary>
public sealed class BatchActivityTriggers(Advance advance, PlanBatch plan, FinishBatch finish, DeleteBatch delete)
{
    /// <summary>Binds <see cref="Production.Advance"/>.</summary>
    [Function(Production.Advance.Name)]
    public Task<BatchStep> Advance(
        [ActivityTrigger] BatchRef batch, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        FlowSpans.OfBatch("batch.advance", batch, () => advance.RunAsync(batch, client, cancellationToken));

    /// <summary>Binds <see cref="PlanBatch"/>.</summary>
    [Function(PlanBatch.Name)]
    public Task<BatchStep> Plan([ActivityTrigger] BatchRef batch, CancellationToken cancellationToken) =>
        FlowSpans.OfBatch("batch.plan", batch, () => plan.RunAsync(batch, cancellationToken));

    /// <summary>Binds <see cref="FinishBatch"/>.</summary>
    [Function(FinishBatch.Name)]
    public Task<BatchStep> Finish(
        [ActivityTrigger] BatchRef batch, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        FlowSpans.OfBatch("batch.finish", batch, () => finish.RunAsync(batch, client, cancellationToken));

    /// <summary>Binds <see cref="DeleteBatch"/>.</summary>
    [Function(DeleteBatch.Name)]
    public Task<BatchStep> Delete(
        [ActivityTrigger] BatchRef batch, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        FlowSpans.OfBatch("batch.delete", batch, () => delete.RunAsync(batch, client, cancellationToken));
}
