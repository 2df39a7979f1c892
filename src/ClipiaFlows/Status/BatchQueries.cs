using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads batches for people and programs. Reading changes nothing.</summary>
public sealed class BatchQueries(Tables tables)
{
    private const int MostSeen = 1000;
    private const int ReadTogether = 32;

    /// <summary>One batch, or <c>null</c> when there is none of that id.</summary>
    public async Task<BatchView?> FindAsync(string batch, CancellationToken cancellation)
    {
        if (!BatchIds.IsValid(batch) || await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { } row)
            return null;
        var submitting = row.Generating == 0 ? 0 : await SubmittingAsync(batch, cancellation);
        return BatchView.Of(row, Math.Min(submitting, row.Generating));
    }

    /// <summary>A page of batches, newest first. Batches that are accepted meanwhile come before it and move nothing.</summary>
    /// <param name="filter">Which batches.</param>
    /// <param name="from">The key that the page before ended with; empty for the first.</param>
    /// <param name="limit">The most batches of the page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>
    /// The batches, and the key to go on from when there are more. A page may hold fewer batches than the limit and yet not
    /// be the last: no more than 1,000 are looked through for one, so that it does not take long.
    /// </returns>
    public async Task<(IReadOnlyList<BatchView> Batches, string? Next)> PageAsync(
        BatchFilter filter, string from, int limit, CancellationToken cancellation)
    {
        var page = new List<BatchView>();
        var candidates = new List<BatchIndexRow>();
        var seen = 0;
        var first = filter.CreatedBefore is { } before ? BatchIndexRow.NotYoungerThan(before.AddTicks(-1)) : "";
        var end = filter.CreatedAfter is { } after ? BatchIndexRow.NotYoungerThan(after) : "~";
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(
            BatchIndexRow.All, string.CompareOrdinal(from, first) > 0 ? from : first, end, null, cancellation))
        {
            if (page.Count + candidates.Count >= limit || candidates.Count == ReadTogether)
                await TakeAsync();
            if (page.Count == limit || seen++ == MostSeen)
            {
                await TakeAsync();
                return (page, entry.RowKey);
            }

            if (filter.MayAccept(entry))
                candidates.Add(entry);
        }

        await TakeAsync();
        return (page, null);

        async Task TakeAsync()
        {
            var batches = await Task.WhenAll(candidates.Select(entry =>
                tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation)));
            candidates.Clear();
            page.AddRange(batches.OfType<BatchRow>().Where(filter.Accepts).Select(batch => BatchView.Of(batch)));
        }
    }

    private async Task<int> SubmittingAsync(string batch, CancellationToken cancellation)
    {
        var active = await ActiveJobs.ReadAsync(tables, batch, cancellation);
        var attempts = await Task.WhenAll(active.All.Where(job => !job.Copying).Select(job =>
            tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(job.N, job.Attempt), cancellation)));
        return attempts.Count(attempt => attempt is null or { State: JobState.Submitting });
    }
}
