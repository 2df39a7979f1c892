using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads batches for people and programs. Reading changes nothing.</summary>
public sealed class BatchQueries(Tables tables)
{
    /// <summary>One batch, or <c>null</c> when there is none of that id.</summary>
    public async Task<BatchView?> FindAsync(string batch, CancellationToken cancellation)
    {
        if (await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { } row)
            return null;
        var submitting = row.Generating == 0 ? 0 : await SubmittingAsync(batch, cancellation);
        return BatchView.Of(row, Math.Min(submitting, row.Generating));
    }

    /// <summary>A page of batches, newest first.</summary>
    /// <param name="state">Only batches of this state.</param>
    /// <param name="from">The key that the page before ended with; empty for the first.</param>
    /// <param name="limit">The most batches of the page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The batches, and the key to go on from when there are more.</returns>
    public async Task<(IReadOnlyList<BatchView> Batches, string? Next)> PageAsync(
        BatchState? state, string from, int limit, CancellationToken cancellation)
    {
        var page = new List<BatchView>();
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.All, from, "~", null, cancellation))
        {
            if (await tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation) is not { } row
                || (state is not null && row.State != state))
                continue;
            if (page.Count == limit)
                return (page, entry.RowKey);
            page.Add(BatchView.Of(row));
        }

        return (page, null);
    }

    private async Task<int> SubmittingAsync(string batch, CancellationToken cancellation)
    {
        var active = await ActiveJobs.ReadAsync(tables, batch, cancellation);
        var attempts = await Task.WhenAll(active.All.Where(job => !job.Copying).Select(job =>
            tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(job.N, job.Attempt), cancellation)));
        return attempts.Count(attempt => attempt is null or { State: JobState.Submitting });
    }
}
