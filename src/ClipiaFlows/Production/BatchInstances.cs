using ClipiaFlows.Durable;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Sees to it that every batch that is not finished has a running instance.</summary>
public sealed class BatchInstances(Tables tables)
{
    private static readonly OrchestrationRuntimeStatus[] LeftAlone =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>Starts the instance of a batch unless it runs. May be repeated.</summary>
    public static async Task StartAsync(string batch, DurableTaskClient client, CancellationToken cancellation)
    {
        var id = InstanceIds.ForBatch(batch);
        var options = new StartOrchestrationOptions(id).WithDedupeStatuses(LeftAlone);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(RunBatch.Name, new BatchRef { Batch = batch }, options, cancellation);
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            // Which exception says "exists already" depends on the backend; whether it exists does not.
            if (await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellation) is null)
                throw;
        }
    }

    /// <summary>Wakes every batch that is not finished, and starts those whose instance is gone.</summary>
    public async Task WakeAllAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.Active, "", "~", null, cancellation))
        {
            var id = InstanceIds.ForBatch(entry.Batch);
            var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellation);
            if (instance is { IsRunning: true } or { RuntimeStatus: OrchestrationRuntimeStatus.Suspended })
                await client.RaiseEventAsync(id, Events.WakeUp, "", cancellation);
            else
                await ReviveAsync(entry, client, cancellation);
        }
    }

    private async Task ReviveAsync(BatchIndexRow entry, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = await tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation);
        if (batch is { State: var state } && !state.IsTerminal())
        {
            await StartAsync(entry.Batch, client, cancellation);
            return;
        }

        var changes = new RowChanges();
        changes.Delete(entry);
        await tables.Batches.CommitAsync(changes, cancellation);
    }
}
