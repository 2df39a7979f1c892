using ClipiaFlows.Durable;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Production;

/// <summary>Sees to it that every batch that is not finished has a running instance.</summary>
public sealed partial class BatchInstances(Tables tables, TimeProvider time, ILogger<BatchInstances> log)
{
    private static readonly TimeSpan BatchMustBeThereAfter = TimeSpan.FromMinutes(10);

    /// <summary>Starts the instance of a batch unless it runs. May be repeated.</summary>
    public static Task StartAsync(string batch, DurableTaskClient client, CancellationToken cancellation, string? traceParent = null) =>
        InstanceStart.TryAsync(
            client, RunBatch.Name, InstanceIds.ForBatch(batch), new BatchRef { Batch = batch, TraceParent = traceParent },
            alsoAfterCompletion: true, cancellation);

    /// <summary>Wakes every batch that is not finished, and starts those whose instance is gone.</summary>
    public async Task WakeAllAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.Active, "", "~", null, cancellation))
        {
            try
            {
                await WakeAsync(entry, client, cancellation);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // One batch in trouble must not keep the others asleep; the next minute tries again.
                LogTrouble(trouble, entry.Batch);
            }
        }
    }

    private async Task WakeAsync(BatchIndexRow entry, DurableTaskClient client, CancellationToken cancellation)
    {
        var id = InstanceIds.ForBatch(entry.Batch);
        var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellation);
        if (instance is { IsRunning: true } or { RuntimeStatus: OrchestrationRuntimeStatus.Suspended })
            await client.RaiseEventAsync(id, Events.WakeUp, "", cancellation);
        else
            await ReviveAsync(entry, instance, client, cancellation);

        // A batch stays on the list until its events are sent too, whatever became of the call that announced them.
        if (await OutboxInstances.HasEventsAsync(tables, entry.Batch, cancellation))
            await OutboxInstances.StartAsync(entry.Batch, client, cancellation);
    }

    private async Task ReviveAsync(BatchIndexRow entry, OrchestrationMetadata? instance, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = await tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation);
        if (batch is not null && (!batch.State.IsTerminal() || batch.LiveTails > 0 || batch.IsReceiptDue || !await Inbox.IsEmptyAsync(tables, entry.Batch, cancellation)))
        {
            await StartAsync(entry.Batch, client, cancellation, batch.TraceParent);
            return;
        }

        // The entry is written before the batch, so that no batch is without one; a young one may still get its batch. A batch
        // that has ended gets one again before a late delivery is settled.
        if (batch is null && time.GetUtcNow() - entry.CreatedAt < BatchMustBeThereAfter)
            return;
        if (await OutboxInstances.HasEventsAsync(tables, entry.Batch, cancellation))
            return;
        // Of a batch that was deleted its own instance is left, which could not purge itself.
        if (batch is null && instance is not null)
            await client.PurgeInstanceAsync(instance.InstanceId, cancellation);
        var changes = new RowChanges();
        changes.Delete(entry);
        await tables.Batches.CommitAsync(changes, cancellation);
    }

    [LoggerMessage(1, LogLevel.Warning, "Batch {Batch} could not be woken.")]
    private partial void LogTrouble(Exception trouble, string batch);
}
