using ClipiaFlows.Notifications;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>Ends every step of Advance: what changed goes into one transaction with the batch's row, under its ETag.</summary>
public sealed class BatchCommit(Tables tables, Outbox outbox, TimeProvider time)
{
    /// <summary>Notes for others that the job has changed to the state that its row now has.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="changes">The step's changes.</param>
    /// <param name="job">The job as it now is.</param>
    /// <param name="charged">Credits charged for the attempt, when it has ended.</param>
    public void Tell(BatchRow batch, RowChanges changes, JobRow job, decimal? charged = null) => outbox.Add(batch, changes, job, charged);

    /// <summary>Notes for others that a claimed job is in a state which only its claim tells.</summary>
    public void Tell(BatchRow batch, RowChanges changes, ActiveRow claim, JobState state) =>
        outbox.Add(batch, changes, claim.N, claim.Attempt, state);

    /// <summary>Commits the step and notes it in the snapshot; tells others when the batch has changed its state.</summary>
    public async Task<StepResult> SaveAsync(BatchSnapshot snapshot, RowChanges changes, CancellationToken cancellation)
    {
        var result = await SaveAsync(snapshot.Batch, changes, cancellation);
        if (result is StepResult.Done)
            snapshot.Note(changes);
        return result;
    }

    /// <summary>Commits a step of which no snapshot is kept.</summary>
    public async Task<StepResult> SaveAsync(BatchRow batch, RowChanges changes, CancellationToken cancellation)
    {
        if (batch.StateAsRead is { } before && before != batch.State)
            outbox.AddBatch(batch, changes);
        batch.UpdatedAt = time.GetUtcNow();
        var isListed = await BatchListing.WriteAsync(tables, batch, cancellation);
        changes.Replace(batch);
        if (await tables.Jobs.CommitAsync(changes, cancellation))
            return StepResult.Done;
        if (isListed)
            await BatchListing.RepairAsync(tables, batch.PartitionKey, cancellation);
        return StepResult.Conflict;
    }
}
