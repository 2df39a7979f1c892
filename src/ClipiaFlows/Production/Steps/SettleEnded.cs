using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Takes markers into account: each is deleted in the transaction that counts it, so that a job ends exactly once. A marker
/// of an attempt that is not active any more was written by an overlapping run; it is deleted and changes nothing.
/// </summary>
public sealed class SettleEnded(Tables tables, JobInstances instances, TimeProvider time)
{
    // Four changes a marker at most, and the batch row: a transaction takes 100.
    private const int MostMarkers = 20;

    /// <summary>Settles up to 20 markers in one transaction.</summary>
    public async Task<StepResult> TryAsync(BatchRow batch, ActiveJobs active, CancellationToken cancellation)
    {
        var markers = new List<MarkerRow>();
        await foreach (var marker in tables.Jobs.RangeAsync<MarkerRow>(
            batch.PartitionKey, "D|", RowKeys.EndOf("D"), MostMarkers, cancellation))
            markers.Add(marker);
        if (markers.Count == 0)
            return StepResult.Nothing;

        var jobs = await Task.WhenAll(markers.Select(marker => marker.Kind is MarkerKind.Done
            ? tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(marker.N), cancellation)
            : Task.FromResult<JobRow?>(null)));

        var changes = new RowChanges();
        foreach (var (marker, job) in markers.Zip(jobs))
        {
            changes.Delete(marker);
            if (active.Find(marker.N, marker.Attempt) is not { } claim)
                continue;
            switch (marker.Kind)
            {
                case MarkerKind.Copying when !claim.Copying:
                    Release(batch, claim, changes);
                    break;
                case MarkerKind.Blocked:
                    Pause(batch, marker);
                    break;
                case MarkerKind.Done:
                    Settle(batch, claim, job!, marker, changes);
                    break;
            }
        }

        batch.UpdatedAt = time.GetUtcNow();
        changes.Replace(batch);
        if (!await tables.Jobs.CommitAsync(changes, cancellation))
            return StepResult.Conflict;
        foreach (var marker in markers.Where(marker => marker.Kind is MarkerKind.Done))
            instances.Forget(batch.PartitionKey, marker.N, marker.Attempt);
        return StepResult.Done;
    }

    private static void Release(BatchRow batch, ActiveRow claim, RowChanges changes)
    {
        claim.Copying = true;
        changes.Replace(claim);
        batch.Count(JobState.Generating, -1);
        batch.Count(JobState.Copying, +1);
    }

    private static void Pause(BatchRow batch, MarkerRow marker)
    {
        if (batch.State is not BatchState.Running)
            return;
        batch.State = BatchState.Paused;
        batch.ReasonCode = marker.Code;
        batch.Reason = marker.Message;
    }

    private void Settle(BatchRow batch, ActiveRow claim, JobRow job, MarkerRow marker, RowChanges changes)
    {
        changes.Delete(claim);
        batch.Count(claim.Copying ? JobState.Copying : JobState.Generating, -1);
        batch.Reserved -= CreditColumn.Read(claim.EstimateCredits);
        var charged = CreditColumn.Read(marker.ChargedCredits);
        batch.Charged += charged;

        job.Charged += charged;
        job.Code = marker.Code;
        job.Message = marker.Message;
        job.State = marker.State;
        var again = marker.FailedUpstream && job.Attempt <= batch.Retries && batch.State is not BatchState.Canceling;
        if (again)
        {
            job.Attempt++;
            job.State = JobState.Ready;
            changes.Add(ReadyRow.Of(job));
        }
        else
        {
            job.FinishedAt = time.GetUtcNow();
            if (job.Dependents > 0)
                changes.Add(FollowUpRow.Of(job));
        }

        batch.Count(job.State, +1);
        changes.Replace(job);
    }
}
