using System.Runtime.CompilerServices;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads jobs for people and programs. Reading changes nothing.</summary>
public sealed class JobQueries(Tables tables)
{
    private const int MostSeen = 1000;

    // A row more in a range costs about a tenth of a request of its own.
    private const int MostBetween = 12;

    // Without the frozen request, which may be long and is nobody's business here.
    private static readonly string[] ShownColumns =
    [
        nameof(AttemptRow.N), nameof(AttemptRow.Attempt), nameof(AttemptRow.State), nameof(AttemptRow.RequestId),
        nameof(AttemptRow.IdempotencyKey), nameof(AttemptRow.CostCredits), nameof(AttemptRow.FilesJson),
        nameof(AttemptRow.SubmittedAt), nameof(AttemptRow.ReusedFrom), nameof(AttemptRow.UnknownSince), nameof(AttemptRow.Tries),
        nameof(AttemptRow.NextTryAt), nameof(AttemptRow.Code), nameof(AttemptRow.Message),
    ];

    private static readonly string[] DetailColumns =
    [
        .. ShownColumns, nameof(AttemptRow.FrozenAt), nameof(AttemptRow.DeliveredAt), nameof(AttemptRow.ByWebhook),
        nameof(AttemptRow.CopyingAt), nameof(AttemptRow.FinishedAt),
    ];

    /// <summary>All jobs of a batch in the plan's order, from number <paramref name="from"/> on.</summary>
    public async IAsyncEnumerable<JobView> AllAsync(string batch, int from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var attempts = tables.Jobs
            .RangeAsync<AttemptRow>(batch, RowKeys.Attempt(from, 0), RowKeys.EndOf("R"), null, cancellation, ShownColumns)
            .GetAsyncEnumerator(cancellation);
        var more = await attempts.MoveNextAsync();
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(batch, RowKeys.Job(from), RowKeys.EndOf("J"), null, cancellation))
        {
            AttemptRow? last = null;
            while (more && attempts.Current.N <= job.N)
            {
                last = attempts.Current.N == job.N && attempts.Current.Attempt == job.Attempt ? attempts.Current : last;
                more = await attempts.MoveNextAsync();
            }

            yield return JobView.Of(job, last);
        }
    }

    /// <summary>A page of jobs in the plan's order.</summary>
    /// <param name="batch">The batch's id.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="from">The number that the page before ended with.</param>
    /// <param name="limit">The most jobs of the page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>
    /// The jobs, and the number to go on from when there are more. A page may hold fewer jobs than the limit and yet not be
    /// the last: no more than 1,000 jobs are looked through for one, so that it does not take long.
    /// </returns>
    public async Task<(IReadOnlyList<JobView> Jobs, int? Next)> PageAsync(
        string batch, JobFilter filter, int from, int limit, CancellationToken cancellation)
    {
        var (rows, next) = await RowsAsync(batch, filter, from, limit, cancellation);
        return (rows.ConvertAll(row => JobView.Of(row.Job, row.Attempt)), next);
    }

    /// <summary>The same as rows; the attempt is missing until the job is claimed.</summary>
    internal async Task<(List<(JobRow Job, AttemptRow? Attempt)> Jobs, int? Next)> RowsAsync(
        string batch, JobFilter filter, int from, int limit, CancellationToken cancellation)
    {
        var found = new List<JobRow>();
        var seen = 0;
        int? next = null;
        // Without variables the table has decided, so one row more than the page needs tells whether there is another page.
        int? most = filter.Variables is { Count: > 0 } ? null : Math.Min(limit + 1, MostSeen + 1);
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(
            batch, RowKeys.Job(from), RowKeys.EndOf("J"), most, cancellation, columns: null, filter.Columns))
        {
            if (found.Count == limit || seen++ == MostSeen)
            {
                next = job.N;
                break;
            }

            if (filter.Accepts(job))
                found.Add(job);
        }

        var jobs = await WithAttemptsAsync(batch, found, cancellation);
        return (jobs.FindAll(job => filter.Accepts(JobView.Of(job.Job, job.Attempt))), next);
    }

    /// <summary>One job with everything about it, or <c>null</c> when the batch has none of that id.</summary>
    public async Task<(JobRow Job, IReadOnlyList<AttemptRow> Attempts)?> FindAsync(string batch, string id, CancellationToken cancellation)
    {
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(
            batch, RowKeys.Job(0), RowKeys.EndOf("J"), 1, cancellation, columns: null, [(nameof(JobRow.Id), id)]))
        {
            var attempts = new List<AttemptRow>();
            await foreach (var attempt in tables.Jobs.RangeAsync<AttemptRow>(
                batch, RowKeys.Attempt(job.N, 0), RowKeys.Attempt(job.N + 1, 0), null, cancellation, DetailColumns))
                attempts.Add(attempt);
            return (job, attempts);
        }

        return null;
    }

    private async Task<List<(JobRow Job, AttemptRow? Attempt)>> WithAttemptsAsync(string batch, List<JobRow> jobs, CancellationToken cancellation)
    {
        var attempts = new Dictionary<(int N, int Attempt), AttemptRow>();
        var begun = jobs.FindAll(job => job.State is not (JobState.Waiting or JobState.Ready));
        // Neighbours are read together; jobs far apart one by one.
        if (begun.Count > 0 && begun[^1].N - begun[0].N < MostBetween * begun.Count)
        {
            await foreach (var attempt in tables.Jobs.RangeAsync<AttemptRow>(
                batch, RowKeys.Attempt(begun[0].N, 0), RowKeys.Attempt(begun[^1].N + 1, 0), null, cancellation, ShownColumns))
                attempts[(attempt.N, attempt.Attempt)] = attempt;
        }
        else
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellation };
            await Parallel.ForEachAsync(begun, limits, async (job, cancel) =>
            {
                if (await tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(job.N, job.Attempt), cancel) is not { } attempt)
                    return;
                lock (attempts)
                    attempts[(attempt.N, attempt.Attempt)] = attempt;
            });
        }

        return jobs.ConvertAll(job => (job, attempts.GetValueOrDefault((job.N, job.Attempt))));
    }
}
