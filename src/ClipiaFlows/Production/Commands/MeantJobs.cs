using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Commands;

/// <summary>The jobs that a retry names: a misspelled one must not look like one that was run again.</summary>
internal static class MeantJobs
{
    /// <summary><c>null</c> when the batch has all of them and one at least can be retried.</summary>
    public static async Task<CommandReceipt?> CheckAsync(
        Tables tables, string batch, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var unknown = ids.ToHashSet(StringComparer.Ordinal);
        var canBeRetried = false;
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(
            batch, "J|", RowKeys.EndOf("J"), null, cancellation, [nameof(JobRow.Id), nameof(JobRow.State)]))
        {
            if (!unknown.Remove(job.Id))
                continue;
            canBeRetried |= job.State is JobState.Failed or JobState.Skipped or JobState.Unresolved;
            if (canBeRetried && unknown.Count == 0)
                return null;
        }

        if (unknown.Count > 0)
            return new CommandReceipt.NoSuchJobs([.. ids.Where(unknown.Contains).Distinct()]);
        return canBeRetried
            ? null
            : new CommandReceipt.Impossible(new("nothing_to_retry", "None of these jobs has failed, was skipped or is unresolved."));
    }
}
