using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>The rows of an attempt, as its own activities read and write them.</summary>
public sealed class AttemptStore(Tables tables, TimeProvider time)
{
    /// <summary>The attempt's row, or <c>null</c> before its request was frozen.</summary>
    public Task<AttemptRow?> FindAsync(JobAttempt job, CancellationToken cancellation) =>
        tables.Jobs.FindAsync<AttemptRow>(job.Batch, RowKeys.Attempt(job.N, job.Attempt), cancellation);

    /// <summary>The attempt's job, or <c>null</c> when the batch has been deleted.</summary>
    public Task<JobRow?> FindJobAsync(string batch, int n, CancellationToken cancellation) =>
        tables.Jobs.FindAsync<JobRow>(batch, RowKeys.Job(n), cancellation);

    /// <summary>Where the batch stands; <see cref="BatchState.Canceled"/> when it has been deleted.</summary>
    public async Task<BatchState> StateOfBatchAsync(string batch, CancellationToken cancellation) =>
        (await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation))?.State ?? BatchState.Canceled;

    /// <summary>
    /// Whether the attempt's claim stands and is not being given back: without one nothing is reserved for it, and nothing may
    /// be sent. The marker is read first, because it goes together with the claim.
    /// </summary>
    public async Task<bool> IsClaimedAsync(JobAttempt job, CancellationToken cancellation) =>
        await tables.Jobs.FindAsync<MarkerRow>(job.Batch, RowKeys.Marker(job.N, job.Attempt), cancellation) is not { Kind: MarkerKind.Returned }
        && (await tables.Jobs.FindAsync<ActiveRow>(job.Batch, RowKeys.Active(job.N), cancellation))?.Attempt == job.Attempt;

    /// <summary>Whether the batch has left the attempt and still wants to know what comes of it.</summary>
    public async Task<bool> IsLeftAsync(JobAttempt job, CancellationToken cancellation) =>
        await tables.Jobs.FindAsync<TailRow>(job.Batch, RowKeys.Tail(job.N, job.Attempt), cancellation) is not null;

    /// <summary>Writes a new row, if the claim of its job stands.</summary>
    /// <returns><c>false</c> when an overlapping run was faster, or the claim was given up.</returns>
    public Task<bool> AddClaimedAsync(AttemptRow attempt, CancellationToken cancellation) =>
        tables.Jobs.CommitAsync(Adding(attempt, RowKeys.Active(attempt.N)), cancellation);

    /// <summary>Writes a new or changed row.</summary>
    /// <returns><c>false</c> when an overlapping run of the same activity was faster, or the batch is deleted; read again then.</returns>
    public Task<bool> SaveAsync(AttemptRow attempt, CancellationToken cancellation) =>
        tables.Jobs.CommitAsync(Writing(attempt), cancellation);

    /// <summary>Writes the row together with a marker for Advance.</summary>
    /// <returns><c>false</c> when an overlapping run of the same activity was faster; read again then.</returns>
    public Task<bool> SaveAsync(AttemptRow attempt, MarkerRow marker, CancellationToken cancellation)
    {
        var changes = Writing(attempt);
        changes.Put(marker);
        return tables.Jobs.CommitAsync(changes, cancellation);
    }

    /// <summary>The generation is over and its slot upstream is free: records that it copies now and tells Advance, in one transaction.</summary>
    /// <returns><c>false</c> when somebody else changed the row; read again then.</returns>
    public Task<bool> FreeSlotAsync(AttemptRow attempt, CancellationToken cancellation)
    {
        attempt.State = JobState.Copying;
        attempt.CopyingAt = time.GetUtcNow();
        return SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.Copying), cancellation);
    }

    /// <summary>
    /// Records that its files are fetched again later. The first time it tells Advance, in one transaction, so that the batch's
    /// other jobs need not wait.
    /// </summary>
    /// <returns><c>false</c> when somebody else changed the row; read again then.</returns>
    public Task<bool> RetryCopyAsync(AttemptRow attempt, CancellationToken cancellation) => attempt.CopyTries == 1
        ? SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.RetryingCopy), cancellation)
        : SaveAsync(attempt, cancellation);

    /// <summary>Records how the attempt ended and tells Advance, in one transaction.</summary>
    /// <param name="attempt">The attempt; its state is set here.</param>
    /// <param name="state">How it ended.</param>
    /// <param name="code">Why it did not end well.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="failedUpstream">Whether the policy's retries apply.</param>
    /// <param name="cancellation">Ends the try; it may be repeated.</param>
    public Task<bool> EndAsync(
        AttemptRow attempt, JobState state, string? code, string? message, bool failedUpstream, CancellationToken cancellation)
    {
        attempt.State = state;
        attempt.Code = code;
        attempt.Message = StoredText.Cut(message);
        attempt.FinishedAt = time.GetUtcNow();
        attempt.NextTryAt = null;
        attempt.FailedUpstream = failedUpstream;
        return SaveAsync(attempt, Outcome(attempt), cancellation);
    }

    /// <summary>Tells Advance once more, when the attempt has ended and its marker was lost to an overlapping run.</summary>
    /// <returns><c>false</c> when the attempt has not ended, or a delivery has come since that is to be looked at.</returns>
    public async Task<bool> RepeatMarkerAsync(JobAttempt job, CancellationToken cancellation)
    {
        if (await FindAsync(job, cancellation) is not { HasEnded: true } attempt || attempt is { State: JobState.Unresolved, LateRequestId: not null })
            return false;
        // Together with the row, so that a delivery which comes at this moment is not talked over.
        await SaveAsync(attempt, Outcome(attempt), cancellation);
        return true;
    }

    private static MarkerRow Outcome(AttemptRow attempt)
    {
        var marker = MarkerRow.For(attempt, MarkerKind.Done);
        marker.FailedUpstream = attempt.FailedUpstream;
        // A generation that failed upstream is refunded; one whose outputs could not be had was paid for all the same.
        var cost = attempt.IsFree || attempt.IsChargeCounted ? 0 : attempt.Cost ?? 0;
        marker.ChargedCredits = CreditColumn.Write(attempt.OutputJson is null ? 0 : cost);
        marker.CostCredits = CreditColumn.Write(attempt.RequestId is null ? 0 : cost);
        marker.IsReused = attempt is { ReusedFrom: not null, State: JobState.Succeeded };
        return marker;
    }

    private static RowChanges Writing(AttemptRow attempt)
    {
        // Only beside its job's row: of a batch that was deleted meanwhile, a run that is still under way leaves nothing behind.
        if (attempt.ETag == default)
            return Adding(attempt, RowKeys.Job(attempt.N));
        var changes = new RowChanges();
        changes.Replace(attempt);
        return changes;
    }

    private static RowChanges Adding(AttemptRow attempt, string beside)
    {
        var changes = new RowChanges();
        changes.Add(attempt);
        changes.Merge(attempt.PartitionKey, beside);
        return changes;
    }
}
