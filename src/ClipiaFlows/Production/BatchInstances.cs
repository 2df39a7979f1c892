using ClipiaFlows.Durable;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Production;

/// <summary>Sees to it that every batch that is not finished has a running instance, and that none sleeps that has something to do.</summary>
public sealed partial class BatchInstances(Tables tables, KeyPacing pacing, TimeProvider time, ILogger<BatchInstances> log)
{
    private static readonly TimeSpan BatchMustBeThereAfter = TimeSpan.FromMinutes(10);

    // Whoever calls a batch writes its entry first and what it is called for at once afterwards.
    private static readonly TimeSpan CalledFor = TimeSpan.FromMinutes(10);

    // A batch that waits for a person is woken that often all the same.
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    // Batches that were woken for their turn a minute ago, and the arrival in line that it was for.
    private Dictionary<string, long> _calledForTurn = new(StringComparer.Ordinal);

    /// <summary>Starts the instance of a batch unless it runs. May be repeated.</summary>
    public static Task StartAsync(string batch, DurableTaskClient client, CancellationToken cancellation, string? traceParent = null) =>
        InstanceStart.TryAsync(
            client, RunBatch.Name, InstanceIds.ForBatch(batch), new BatchRef { Batch = batch, TraceParent = traceParent },
            alsoAfterCompletion: true, cancellation);

    /// <summary>Wakes batches whose turn has come. When that is lost, the watchdog wakes them within a minute. May be repeated.</summary>
    public static async Task WakeAsync(IEnumerable<string> batches, DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var batch in batches)
            await client.RaiseEventAsync(InstanceIds.ForBatch(batch), Events.WakeUp, "", cancellation);
    }

    /// <summary>Notes for the watchdog that a batch sleeps because it waits for a person.</summary>
    public static Task NoteRestAsync(Tables tables, BatchRow batch, DateTimeOffset now, CancellationToken cancellation)
    {
        var until = now + LongestRest;
        var changes = new RowChanges();
        changes.Merge(
            BatchIndexRow.Active, batch.PartitionKey, (nameof(BatchIndexRow.RestsUntil), batch.DeadlineAt < until ? batch.DeadlineAt.Value : until));
        return tables.Batches.CommitAsync(changes, cancellation);
    }

    /// <summary>
    /// Wakes every batch that is not finished, and starts those whose instance is gone; except those that sleep, because they wait
    /// in line for a slot, for a person, or for a time that has not come.
    /// </summary>
    public async Task WakeAllAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var (line, turns) = await pacing.LineAsync(cancellation);
        var called = turns.ToHashSet(StringComparer.Ordinal);
        var late = turns.Where(batch => _calledForTurn.TryGetValue(batch, out var arrival) && arrival == line.Find(batch)!.Arrival).ToHashSet(StringComparer.Ordinal);
        _calledForTurn = turns.Except(late).ToDictionary(batch => batch, batch => line.Find(batch)!.Arrival, StringComparer.Ordinal);
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.Active, "", "~", null, cancellation))
        {
            var isCalled = called.Remove(entry.Batch);
            if (!isCalled && Sleeps(entry, line.Find(entry.Batch)))
                continue;
            try
            {
                await WakeAsync(entry, client, cancellation);
                // One that was woken for its turn and does not take it, as one that is suspended, makes room for the next.
                if (late.Contains(entry.Batch))
                    await WakeAsync(await pacing.LeaveAsync(entry.Batch, cancellation), client, cancellation);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // One batch in trouble must not keep the others asleep; the next minute tries again.
                LogTrouble(trouble, entry.Batch);
            }
        }

        foreach (var gone in called)
            await WakeAsync(await pacing.LeaveAsync(gone, cancellation), client, cancellation);
    }

    private bool Sleeps(BatchIndexRow entry, SlotClaim? claim)
    {
        var now = time.GetUtcNow();
        return !(now - entry.CalledAt < CalledFor)
            && (entry.RestsUntil > now || (claim is { IsInLine: true } && claim.Asleep?.Until > now));
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
