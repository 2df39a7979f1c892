using Clipia;
using ClipiaFlows.Delivery;
using ClipiaFlows.Durable;
using ClipiaFlows.Notifications;
using ClipiaFlows.Observability;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Writes the receipt of a batch whose jobs have all ended, then its last state.</summary>
/// <remarks>
/// May run more than once; for a batch that is finished it writes the receipt again when one is due, because something was
/// settled late. Throws only for accidents of storage.
/// </remarks>
public sealed class FinishBatch(
    Tables tables, Receipt receipt, Outbox outbox, KeyPacing pacing, ClipiaClient clipia, BatchProgress progress, TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "finish-batch";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    /// <summary>Finishes the batch.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
        // A batch that is being deleted looks as if it had just ended: a run that nobody waits for any more must not revive it.
        if (batch is { State: BatchState.Deleting })
            return BatchStep.Next(BatchStepKind.Advance);
        if (batch is { AllJobsEnded: true, IsRetrying: false } && (!batch.State.IsTerminal() || batch.IsReceiptDue)
            && !await EndAsync(batch, cancellation))
        {
            // Either somebody was faster, or the write was done and its answer lost; then what follows is still to be done.
            var written = batch.UpdatedAt;
            batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
            if (batch?.UpdatedAt != written)
                return await AfterAnotherAsync(input.Batch, batch, cancellation);
            if (!batch.State.IsTerminal() || batch.IsReceiptDue)
                return BatchStep.Next(BatchStepKind.Advance);
        }

        var slots = await pacing.HoldAsync(input.Batch, new SlotDemand(Used: batch?.LiveTails ?? 0, Wanted: 0, Weight: 1), cancellation);
        await BatchInstances.WakeAsync(slots.OthersTurn, client, cancellation);
        if (await OutboxInstances.HasEventsAsync(tables, input.Batch, cancellation))
            await OutboxInstances.WakeAsync(input.Batch, client, cancellation);
        if (batch is null or { LiveTails: > 0 })
            return BatchStep.Next(BatchStepKind.Advance);
        return await LeaveAsync(input.Batch, cancellation);
    }

    /// <summary>The receipt stands before the state says that it does; who reads the state finds it.</summary>
    private async Task<bool> EndAsync(BatchRow batch, CancellationToken cancellation)
    {
        var isEnd = !batch.State.IsTerminal();
        batch.State = LastStateOf(batch);
        batch.IsReceiptDue = false;
        batch.FinishedAt ??= time.GetUtcNow();
        batch.UpdatedAt = time.GetUtcNow();
        await receipt.WriteAsync(batch, await AskForAccountAsync(cancellation), cancellation);
        var isListed = await BatchListing.WriteAsync(tables, batch, cancellation);
        var changes = RowChanges.Replacing(batch);
        if (isEnd)
            outbox.AddBatch(batch, changes);
        if (!await tables.Jobs.CommitAsync(changes, cancellation))
        {
            if (isListed)
                await BatchListing.RepairAsync(tables, batch.PartitionKey, cancellation);
            return false;
        }

        progress.Tell(batch);
        if (isEnd)
            FlowsTelemetry.BatchEnded(batch.State);
        return true;
    }

    /// <summary>
    /// Somebody else changed the batch while this run wrote the receipt. Its files may have replaced those of a run beside it
    /// that knew more, so they are written anew; of a batch that was deleted they go. Maybe nobody waits for this run any more,
    /// so the watchdog is told.
    /// </summary>
    private async Task<BatchStep> AfterAnotherAsync(string id, BatchRow? batch, CancellationToken cancellation)
    {
        while (batch is { IsReceiptDue: false } && batch.State.IsTerminal())
        {
            batch.IsReceiptDue = true;
            if (await tables.Jobs.CommitAsync(RowChanges.Replacing(batch), cancellation))
                break;
            batch = await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation);
        }

        if (batch is { IsReceiptDue: true })
            await WatchAsync(id, cancellation);
        if (batch is null or { State: BatchState.Deleting })
            await receipt.TakeBackAsync(id, cancellation);
        return BatchStep.Next(BatchStepKind.Advance);
    }

    /// <summary>The end of a batch does not wait for other batches that use up the key's rate.</summary>
    private async Task<AccountStatement> AskForAccountAsync(CancellationToken cancellation) =>
        await pacing.TakeTurnAsync(cancellation) is null
            ? await AccountStatement.AskAsync(clipia, time, cancellation)
            : new AccountStatement { AskedAt = time.GetUtcNow(), Trouble = "Not asked, because other batches used up the key's request rate." };

    /// <summary>
    /// Nobody looks after the batch any more, except that the watchdog keeps an eye on unsent events. A command is written
    /// before its sender sees to it that somebody does, so one that came in between is there when looked for afterwards.
    /// </summary>
    private async Task<BatchStep> LeaveAsync(string batch, CancellationToken cancellation)
    {
        var watched = await tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, batch, cancellation);
        if (watched is not null && !await OutboxInstances.HasEventsAsync(tables, batch, cancellation))
        {
            var changes = new RowChanges();
            changes.Delete(watched);
            await tables.Batches.CommitAsync(changes, cancellation);
        }

        if (await Inbox.IsEmptyAsync(tables, batch, cancellation)
            && await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { IsReceiptDue: true })
            return BatchStep.Next(BatchStepKind.End);
        await WatchAsync(batch, cancellation);
        return BatchStep.Next(BatchStepKind.Advance);
    }

    /// <summary>It goes on, and is looked after again. The entry is old from the start, because its batch is there.</summary>
    private Task<bool> WatchAsync(string batch, CancellationToken cancellation) => tables.Batches.CommitAsync(
        RowChanges.Putting(BatchIndexRow.ForWatchdog(batch, DateTimeOffset.UnixEpoch, calledAt: time.GetUtcNow())), cancellation);

    private static BatchState LastStateOf(BatchRow batch) => batch switch
    {
        { Total: 0 } => BatchState.Failed,
        { State: BatchState.Canceling or BatchState.Canceled } => BatchState.Canceled,
        _ when batch.Succeeded == batch.Total => BatchState.Completed,
        { Succeeded: 0 } => BatchState.Failed,
        _ => BatchState.CompletedWithFailures,
    };
}
