using ClipiaFlows.Delivery;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads single jobs with their plan and history. Reading changes nothing.</summary>
public sealed class JobDetails(JobQueries jobs, WaitingReasons waiting, OutputLinks links, Tables tables, IStateBlobs blobs)
{
    /// <summary>A job by its id, or <c>null</c> when the batch, or its plan so far, has none of that id.</summary>
    public async Task<JobDetail?> FindAsync(string batch, string id, CancellationToken cancellation)
    {
        if (!BatchIds.IsValid(batch)
            || await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { } row
            || await jobs.FindAsync(batch, id, cancellation) is not var (job, attempts))
            return null;
        var line = await blobs.ReadAsync(BlobNames.Plan(batch), job.PlanOffset, job.PlanLength, cancellation);
        var plan = line is { } bytes ? PlannedJob.Parse(bytes) : null;
        var needed = await Task.WhenAll((plan?.Needs ?? []).Select(n =>
            tables.Jobs.FindAsync<JobRow>(batch, RowKeys.Job(n), cancellation)));
        var shown = await waiting.OfJobsAsync(row, [(job, attempts.LastOrDefault(attempt => attempt.Attempt == job.Attempt))], cancellation);
        return JobDetail.Of(row, job, links.Of(batch, shown[0]), attempts, plan, [.. needed.OfType<JobRow>().Select(one => one.Id)]);
    }
}
