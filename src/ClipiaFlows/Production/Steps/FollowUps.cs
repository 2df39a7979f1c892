using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Tells the dependents of a job that ended: they become ready with the last job that they need, or are skipped when one
/// did not succeed. A long list is told in pieces; the row keeps the cursor.
/// </summary>
public sealed class FollowUps(Tables tables, TimeProvider time)
{
    // Two changes a dependent at most, the cursor and the batch row: a transaction takes 100.
    private const int MostDependents = 40;

    /// <summary>Tells up to 40 dependents of one job, in one transaction.</summary>
    public async Task<StepResult> TryAsync(BatchRow batch, CancellationToken cancellation)
    {
        var ended = await FirstAsync(batch.PartitionKey, cancellation);
        if (ended is null)
            return StepResult.Nothing;

        var dependents = await DependentsAsync(ended, cancellation);
        var changes = new RowChanges();
        foreach (var job in dependents)
        {
            if (job.State is JobState.Waiting)
                Tell(batch, job, ended, changes);
        }

        if (dependents.Length < MostDependents)
        {
            changes.Delete(ended);
        }
        else
        {
            ended.Next = dependents[^1].N + 1;
            changes.Replace(ended);
        }

        batch.UpdatedAt = time.GetUtcNow();
        changes.Replace(batch);
        return await tables.Jobs.CommitAsync(changes, cancellation) ? StepResult.Done : StepResult.Conflict;
    }

    private async Task<FollowUpRow?> FirstAsync(string batch, CancellationToken cancellation)
    {
        await foreach (var row in tables.Jobs.RangeAsync<FollowUpRow>(batch, "F|", RowKeys.EndOf("F"), 1, cancellation))
            return row;
        return null;
    }

    private async Task<JobRow[]> DependentsAsync(FollowUpRow ended, CancellationToken cancellation)
    {
        var numbers = new List<int>();
        await foreach (var edge in tables.Jobs.RangeAsync<EdgeRow>(
            ended.PartitionKey, RowKeys.Edge(ended.N, ended.Next), RowKeys.Edge(ended.N + 1, 0), MostDependents, cancellation))
            numbers.Add(edge.To);

        var jobs = await Task.WhenAll(numbers.Select(n =>
            tables.Jobs.FindAsync<JobRow>(ended.PartitionKey, RowKeys.Job(n), cancellation)));
        return jobs!;
    }

    private void Tell(BatchRow batch, JobRow job, FollowUpRow ended, RowChanges changes)
    {
        batch.Count(job.State, -1);
        if (ended.State is not JobState.Succeeded)
            Skip(job, ended, changes);
        else if (--job.NeedsLeft == 0)
            Release(job, changes);
        batch.Count(job.State, +1);
        changes.Replace(job);
    }

    private void Skip(JobRow job, FollowUpRow ended, RowChanges changes)
    {
        job.State = JobState.Skipped;
        job.Code = "needed_job_not_succeeded";
        job.Message = $"Needs job '{ended.JobId}', which ended as {ended.State}.";
        job.FinishedAt = time.GetUtcNow();
        if (job.Dependents > 0)
            changes.Add(FollowUpRow.Of(job));
    }

    private static void Release(JobRow job, RowChanges changes)
    {
        job.State = JobState.Ready;
        changes.Add(ReadyRow.Of(job));
    }
}
