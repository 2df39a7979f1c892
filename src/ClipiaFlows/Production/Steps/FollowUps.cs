using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Tells the dependents of a job that ended: they become ready with the last job that they need, or are skipped when one
/// did not succeed. A long list is told in pieces; the row keeps the cursor.
/// </summary>
public sealed class FollowUps(Tables tables, BatchCommit commit, TimeProvider time)
{
    // Three changes a dependent at most, the cursor and the batch row: a transaction takes 100.
    private const int MostDependents = 30;

    /// <summary>Tells up to 30 dependents of one job, in one transaction.</summary>
    public async Task<StepResult> TryAsync(BatchSnapshot snapshot, CancellationToken cancellation)
    {
        if (snapshot.FollowUps is not [var ended, ..])
            return StepResult.Nothing;

        var dependents = await DependentsAsync(ended, cancellation);
        var changes = new RowChanges();
        foreach (var (job, soft) in dependents)
        {
            if (job.State is JobState.Waiting)
                Tell(snapshot.Batch, job, ended, soft, changes);
        }

        if (dependents.Length < MostDependents)
        {
            changes.Delete(ended);
        }
        else
        {
            ended.Next = dependents[^1].Job.N + 1;
            changes.Replace(ended);
        }

        return await commit.SaveAsync(snapshot, changes, cancellation);
    }

    private async Task<(JobRow Job, bool Soft)[]> DependentsAsync(FollowUpRow ended, CancellationToken cancellation)
    {
        var edges = new List<EdgeRow>();
        await foreach (var edge in tables.Jobs.RangeAsync<EdgeRow>(
            ended.PartitionKey, RowKeys.Edge(ended.N, ended.Next), RowKeys.Edge(ended.N + 1, 0), MostDependents, cancellation))
            edges.Add(edge);

        return await Task.WhenAll(edges.Select(async edge =>
            ((await tables.Jobs.FindAsync<JobRow>(ended.PartitionKey, RowKeys.Job(edge.To), cancellation))!, edge.Soft)));
    }

    private void Tell(BatchRow batch, JobRow job, FollowUpRow ended, bool soft, RowChanges changes)
    {
        batch.Count(job.State, -1);
        if (ended.State is not JobState.Succeeded && !soft)
            Skip(job, ended.JobId, ended.State, time.GetUtcNow(), changes);
        else if (--job.NeedsLeft == 0)
            Release(job, changes);
        batch.Count(job.State, +1);
        changes.Replace(job);
        if (job.State is not JobState.Waiting)
            commit.Tell(batch, changes, job);
    }

    /// <summary>Ends a job that needs one which did not succeed.</summary>
    internal static void Skip(JobRow job, string neededId, JobState needed, DateTimeOffset now, RowChanges changes)
    {
        job.State = JobState.Skipped;
        job.Code = "needed_job_not_succeeded";
        job.Message = $"Needs job '{neededId}', which ended as {needed}.";
        job.FinishedAt = now;
        if (job.Dependents > 0)
            changes.Put(FollowUpRow.Of(job));
    }

    private void Release(JobRow job, RowChanges changes)
    {
        job.State = JobState.Ready;
        job.ReadyAt = time.GetUtcNow();
        changes.Add(ReadyRow.Of(job));
    }
}
