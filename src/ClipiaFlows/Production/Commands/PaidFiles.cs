using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Commands;

/// <summary>Finds what a retry collects instead of paying again.</summary>
internal static class PaidFiles
{
    /// <summary>The job's last attempt, if its generation is paid for and its files could not be stored; otherwise <c>null</c>.</summary>
    public static async Task<AttemptRow?> FindAsync(Tables tables, JobRow job, CancellationToken cancellation)
    {
        if (job.State is not JobState.Failed)
            return null;
        var attempt = await tables.Jobs.FindAsync<AttemptRow>(job.PartitionKey, RowKeys.Attempt(job.N, job.Attempt), cancellation);
        return attempt is { IsCollectable: true } ? attempt : null;
    }
}
