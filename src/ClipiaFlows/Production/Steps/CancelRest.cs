using Azure;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>While a batch is cancelled: ends the jobs that were not claimed, and leaves those under way when they are not wanted.</summary>
public sealed class CancelRest(Tables tables, BatchCommit commit, TimeProvider time)
{
    // Three changes a job at most, and the batch row: a transaction takes 100.
    private const int MostJobs = 30;
    private const int Page = 500;

    /// <summary>Takes up to 30 jobs in one transaction.</summary>
    public async Task<StepResult> TryAsync(BatchSnapshot snapshot, CancellationToken cancellation)
    {
        var (batch, active) = (snapshot.Batch, snapshot.Active);
        if (batch.State is not BatchState.Canceling)
            return StepResult.Nothing;
        var changes = new RowChanges();
        if (batch.IsAbandoning && active.Generating > 0)
            await LeaveAsync(batch, active, changes, cancellation);
        if (changes.Count == 0 && batch.CancelNext == batch.Total)
            return StepResult.Nothing;
        if (changes.Count == 0)
            await CancelAsync(batch, changes, cancellation);

        return await commit.SaveAsync(snapshot, changes, cancellation);
    }

    private async Task CancelAsync(BatchRow batch, RowChanges changes, CancellationToken cancellation)
    {
        var canceled = 0;
        var read = 0;
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(
            batch.PartitionKey, RowKeys.Job(batch.CancelNext), RowKeys.EndOf("J"), Page, cancellation))
        {
            read++;
            if (job.State is JobState.Waiting or JobState.Ready)
            {
                Cancel(batch, job, changes);
                canceled++;
            }

            batch.CancelNext = job.N + 1;
            if (canceled == MostJobs)
                return;
        }

        if (read < Page)
            batch.CancelNext = batch.Total;
    }

    private void Cancel(BatchRow batch, JobRow job, RowChanges changes)
    {
        if (job.State is JobState.Ready)
        {
            var queued = ReadyRow.Of(job);
            queued.ETag = ETag.All;
            changes.Delete(queued);
        }

        batch.Count(job.State, -1);
        End(batch, job, changes);
    }

    /// <summary>
    /// What is being generated goes on upstream and is paid for; its instance stays to learn what came of it. What has been
    /// delivered is collected, also when its own row says so before its claim does: its files are being stored.
    /// </summary>
    private async Task LeaveAsync(BatchRow batch, ActiveJobs active, RowChanges changes, CancellationToken cancellation)
    {
        var left = 0;
        foreach (var claim in active.All.Where(claim => !claim.Copying))
        {
            var attempt = await tables.Jobs.FindAsync<AttemptRow>(
                batch.PartitionKey, RowKeys.Attempt(claim.N, claim.Attempt), cancellation);
            if (attempt is { HasEnded: true } or { State: JobState.Copying })
                continue;
            if (left++ == MostJobs / 2)
                return;
            var job = (await tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(claim.N), cancellation))!;
            changes.Delete(claim);
            changes.Put(TailRow.Of(claim, isLive: true, time.GetUtcNow()));
            if (attempt is not null)
            {
                attempt.IsAbandoned = true;
                changes.Replace(attempt);
            }

            var estimate = CreditColumn.Read(claim.EstimateCredits);
            batch.Reserved -= estimate;
            batch.Committed += estimate;
            batch.LiveTails++;
            batch.Count(JobState.Generating, -1);
            End(batch, job, changes);
        }
    }

    private void End(BatchRow batch, JobRow job, RowChanges changes)
    {
        job.State = JobState.Canceled;
        job.Code = batch.ReasonCode is PauseReasons.ByRequest ? "batch_canceled" : batch.ReasonCode;
        job.Message = batch.Reason;
        job.FinishedAt = time.GetUtcNow();
        batch.Count(job.State, +1);
        changes.Replace(job);
        commit.Tell(batch, changes, job);
    }
}
