using ClipiaFlows.Durable;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Moves a batch on by what its rows say: obeys commands, settles what ended, tells dependents, claims what is ready, starts it.</summary>
/// <remarks>
/// May run more than once and beside itself: every step is one transaction under the batch row's ETag, and whoever loses
/// reads again. Throws only for accidents of storage. Nothing is paid here; a claim is written before its instance starts.
/// </remarks>
public sealed class Advance(
    Tables tables,
    ObeyCommands obey,
    SettleEnded settle,
    FollowUps followUps,
    RetryEnded retry,
    CancelRest cancel,
    KeepPolicy policy,
    GoOnAfterBlock goOn,
    ClaimReady claim,
    BatchCommit commit,
    JobInstances instances,
    TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "advance";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    // Then a fresh activity goes on, so that no run takes long.
    private const int MostTransactions = 10;

    private static readonly TimeSpan ForTails = TimeSpan.FromMinutes(5);

    /// <summary>Takes the next steps and answers what the batch needs then.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, DurableTaskClient client, CancellationToken cancellation)
    {
        try
        {
            var (step, toldMore) = await TakeStepsAsync(input.Batch, client, cancellation);
            if (toldMore)
                await OutboxInstances.WakeAsync(input.Batch, client, cancellation);
            return step;
        }
        catch (StorageRejectedException rejection)
        {
            // Trying again is no use, and somebody has to know.
            if (await PauseAsync(input.Batch, rejection, cancellation))
                return BatchStep.Next(BatchStepKind.Advance);
            throw;
        }
    }

    /// <returns><c>false</c> when the batch does not run, or was changed meanwhile.</returns>
    private async Task<bool> PauseAsync(string id, StorageRejectedException rejection, CancellationToken cancellation)
    {
        if (await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation) is not { State: BatchState.Running } batch)
            return false;
        batch.StateAsRead = batch.State;
        batch.PauseFor(PauseReasons.StorageRejected, $"{rejection.Message} Resume to try again.");
        return await commit.SaveAsync(batch, new RowChanges(), cancellation) is StepResult.Done;
    }

    /// <summary>
    /// Whatever is written after the snapshot was read wakes the batch again, so that one reading serves a run, unless
    /// somebody else was faster with a step.
    /// </summary>
    private async Task<(BatchStep Step, bool ToldMore)> TakeStepsAsync(string id, DurableTaskClient client, CancellationToken cancellation)
    {
        BatchSnapshot? snapshot = null;
        long? first = null;
        var last = 0L;
        for (var transactions = 0; transactions < MostTransactions; transactions++)
        {
            if (snapshot is null)
            {
                snapshot = await BatchSnapshot.ReadAsync(tables, id, cancellation);
                if (snapshot is null)
                {
                    await claim.GiveBackAsync(id, occupying: 0, client, cancellation);
                    return (BatchStep.Next(BatchStepKind.End), false);
                }

                claim.Recall(snapshot);
            }

            last = snapshot.Batch.Events;
            first ??= last;
            var (result, step) = await TakeOneStepAsync(snapshot, client, cancellation);
            if (step is not null)
            {
                claim.Remember(snapshot);
                return (step, last > first);
            }

            if (result is StepResult.Done)
                last = snapshot.Batch.Events;
            if (result is StepResult.Conflict || snapshot is { FollowUps.Count: 0, MissesFollowUps: true })
                snapshot = null;
        }

        if (snapshot is not null)
            claim.Remember(snapshot);
        return (BatchStep.Next(BatchStepKind.Advance), last > first);
    }

    /// <summary>Takes one step, or says what the batch needs when there is none to take.</summary>
    private async Task<(StepResult Result, BatchStep? Step)> TakeOneStepAsync(
        BatchSnapshot snapshot, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        if (batch.State is BatchState.Deleting)
            return (StepResult.Nothing, BatchStep.Next(BatchStepKind.Delete));
        if (await obey.TryAsync(snapshot, client, cancellation) is var obeyed and not StepResult.Nothing)
            return (obeyed, null);
        if (batch.Seeded < batch.Total || batch.State is BatchState.Planning)
            return (StepResult.Nothing, BatchStep.Next(BatchStepKind.Plan));

        var changes = new RowChanges();
        var settled = await settle.CollectAsync(snapshot, changes, cancellation);
        DateTimeOffset? later = null;
        if (settled.Count == 0)
        {
            if (batch.State.IsTerminal())
            {
                await claim.GiveBackAsync(batch.PartitionKey, batch.Occupying, client, cancellation);
                await instances.StartTailsAsync(batch, snapshot.Tails, client, cancellation);
                return (StepResult.Nothing, AfterTheEnd(batch));
            }

            (var changed, later) = await LookAfterAsync(snapshot, client, cancellation);
            if (changed is not StepResult.Nothing)
                return (changed, null);
        }

        var claims = settled.Count == 0 || MayClaimAtOnce(snapshot, changes)
            ? await claim.CollectAsync(snapshot, changes, client, cancellation)
            : [];
        if (changes.Count == 0 && batch.State == batch.StateAsRead)
        {
            await instances.StartAsync(batch, snapshot.Active.All, client, cancellation);
            await instances.StartTailsAsync(batch, snapshot.Tails, client, cancellation);
            return (StepResult.Nothing, await RestAsync(snapshot, later, client, cancellation));
        }

        if (await commit.SaveAsync(snapshot, changes, cancellation) is StepResult.Conflict)
            return (StepResult.Conflict, null);
        settle.Tell(batch, settled);
        await instances.StartAsync(batch, claims, client, cancellation);
        return (StepResult.Done, null);
    }

    /// <summary>What comes before new claims.</summary>
    private async Task<(StepResult Result, DateTimeOffset? Later)> LookAfterAsync(
        BatchSnapshot snapshot, DurableTaskClient client, CancellationToken cancellation)
    {
        // A retry counts what its jobs need, and must not overlook one that has ended and whose dependents are not told.
        if (await followUps.TryAsync(snapshot, cancellation) is var told and not StepResult.Nothing)
            return (told, null);
        var (retried, later) = await retry.TryAsync(snapshot, cancellation);
        if (retried is not StepResult.Nothing)
            return (retried, null);
        if (await cancel.TryAsync(snapshot, cancellation) is var canceled and not StepResult.Nothing)
            return (canceled, null);
        if (await policy.TryAsync(snapshot, cancellation) is var ruled and not StepResult.Nothing)
            return (ruled, null);
        return (await goOn.TryAsync(snapshot, client, cancellation), later);
    }

    /// <summary>
    /// A slot that has become free goes to the next job in the same transaction, when nothing comes before that. A job whose
    /// earlier attempt is settled may be that next one, and a transaction takes each row once.
    /// </summary>
    private bool MayClaimAtOnce(BatchSnapshot snapshot, RowChanges settled) =>
        snapshot.Batch is { State: BatchState.Running, IsRetrying: false }
        && snapshot.FollowUps.Count == 0
        && !settled.Actions.Any(action => action.Entity is FollowUpRow or ReadyRow or JobRow { State: JobState.Ready })
        && Scheduler.Verdict(snapshot.Batch, time.GetUtcNow()) is null;

    private async Task<BatchStep> RestAsync(BatchSnapshot snapshot, DateTimeOffset? later, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        if (batch.AllJobsEnded && !batch.IsRetrying)
        {
            claim.Forget(snapshot);
            return BatchStep.Next(BatchStepKind.Finish);
        }

        var usual = claim.LookAgainAt(batch);
        if (later is not null)
            return BatchStep.WaitUntil(later > usual ? usual : later);
        if (Scheduler.HasNothingUnderWay(batch) && Scheduler.WaitsForPerson(batch))
            await BatchInstances.NoteRestAsync(tables, batch, time.GetUtcNow(), cancellation);
        // The watchdog, which looks for unsent events too, does not come by while it sleeps.
        if (usual is null && batch.Events > 0)
            await OutboxInstances.WakeAsync(batch.PartitionKey, client, cancellation);
        return BatchStep.WaitUntil(usual);
    }

    /// <summary>Generations that the batch does not wait for are still settled, and the receipt then says so.</summary>
    private BatchStep AfterTheEnd(BatchRow batch)
    {
        if (batch.IsReceiptDue)
            return BatchStep.Next(BatchStepKind.Finish);
        return batch.LiveTails > 0 ? BatchStep.WaitUntil(time.GetUtcNow() + ForTails) : BatchStep.Next(BatchStepKind.End);
    }
}
