using ClipiaFlows.Delivery;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads pages of jobs with the reasons of those that wait. Reading changes nothing.</summary>
public sealed class JobPages(JobQueries jobs, WaitingReasons waiting, OutputLinks links, Tables tables)
{
    /// <summary>A page as <see cref="JobQueries.PageAsync"/> reads it; <c>null</c> when there is no such batch.</summary>
    public async Task<(IReadOnlyList<JobView> Jobs, int? Next)?> FindAsync(
        string batch, JobFilter filter, int from, int limit, CancellationToken cancellation)
    {
        if (!BatchIds.IsValid(batch) || await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { } row)
            return null;
        var (page, next) = await jobs.RowsAsync(batch, filter, from, limit, cancellation);
        return ([.. (await waiting.OfJobsAsync(row, page, cancellation)).Select(job => links.Of(batch, job))], next);
    }
}
