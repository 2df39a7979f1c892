using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads batches for people and programs. Reading changes nothing.</summary>
public sealed class BatchQueries(Tables tables, WaitingReasons waiting)
{
    private const int MostSeen = 1000;
    private const int ReadTogether = 32;

    /// <summary>One batch, or <c>null</c> when there is none of that id.</summary>
    public async Task<BatchView?> FindAsync(string batch, CancellationToken cancellation)
    {
        if (await RowAsync(batch, cancellation) is not { } row)
            return null;
        var unsent = row.Generating == 0 ? [] : await UnsentAsync(batch, cancellation);
        return BatchView.Of(row, Math.Min(unsent.Count, row.Generating)) with
        {
            WaitingFor = await waiting.OfBatchAsync(row, unsent, cancellation),
        };
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
        var page = new List<BatchRow>();
        var candidates = new List<BatchIndexRow>();
        var seen = 0;
        var first = filter.CreatedBefore is { } before ? BatchIndexRow.NotYoungerThan(before.AddTicks(-1)) : "";
        var end = filter.CreatedAfter is { } after ? BatchIndexRow.NotYoungerThan(after) : "~";
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(
            BatchIndexRow.All, string.CompareOrdinal(from, first) > 0 ? from : first, end, null, cancellation, columns: null, filter.Columns))
        {
            if (page.Count + candidates.Count >= limit || candidates.Count == ReadTogether)
                await TakeAsync();
            if (page.Count == limit || seen++ == MostSeen)
            {
                await TakeAsync();
                return (await ViewsAsync(page, cancellation), entry.RowKey);
            }

            if (filter.MayAccept(entry))
                candidates.Add(entry);
        }

        await TakeAsync();
        return (await ViewsAsync(page, cancellation), null);

        async Task TakeAsync()
        {
            var batches = await Task.WhenAll(candidates.Select(entry =>
                tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation)));
            candidates.Clear();
            page.AddRange(batches.OfType<BatchRow>().Where(filter.Accepts));
        }
    }

    /// <summary>Whether there is such a batch; it costs one read.</summary>
    public async Task<bool> ExistsAsync(string batch, CancellationToken cancellation) => await RowAsync(batch, cancellation) is not null;

    /// <summary>The row of a batch, or <c>null</c> when there is none of that id.</summary>
    private async Task<BatchRow?> RowAsync(string batch, CancellationToken cancellation) =>
        BatchIds.IsValid(batch) ? await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) : null;

    private async Task<List<BatchView>> ViewsAsync(List<BatchRow> batches, CancellationToken cancellation)
    {
        var waits = await waiting.OfBatchesAsync(batches, cancellation);
        return [.. batches.Zip(waits, (batch, why) => BatchView.Of(batch) with { WaitingFor = why })];
    }

    private async Task<List<ActiveRow>> UnsentAsync(string batch, CancellationToken cancellation)
    {
        var active = await ActiveJobs.ReadAsync(tables, batch, cancellation);
        var claims = active.All.Where(job => !job.Copying).ToList();
        var attempts = await Task.WhenAll(claims.Select(job =>
            tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(job.N, job.Attempt), cancellation)));
        return [.. claims.Zip(attempts).Where(pair => pair.Second is null or { State: JobState.Submitting }).Select(pair => pair.First)];
    }
}
