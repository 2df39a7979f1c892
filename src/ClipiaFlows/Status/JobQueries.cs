using System.Runtime.CompilerServices;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Reads jobs for people and programs. Reading changes nothing.</summary>
public sealed class JobQueries(Tables tables)
{
    // Without the frozen request, which may be long and is nobody's business here.
    private static readonly string[] ShownColumns =
    [
        nameof(AttemptRow.N), nameof(AttemptRow.Attempt), nameof(AttemptRow.State), nameof(AttemptRow.RequestId),
        nameof(AttemptRow.IdempotencyKey), nameof(AttemptRow.CostCredits), nameof(AttemptRow.FilesJson),
        nameof(AttemptRow.SubmittedAt), nameof(AttemptRow.ReusedFrom),
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

    /// <summary>A page of jobs, of one state or of all.</summary>
    /// <param name="batch">The batch's id.</param>
    /// <param name="state">Only jobs of this state.</param>
    /// <param name="from">The number that the page before ended with.</param>
    /// <param name="limit">The most jobs of the page.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The jobs, and the number to go on from when there are more.</returns>
    public async Task<(IReadOnlyList<JobView> Jobs, int? Next)> PageAsync(
        string batch, JobState? state, int from, int limit, CancellationToken cancellation)
    {
        var page = new List<JobView>();
        await foreach (var job in AllAsync(batch, from, cancellation))
        {
            if (state is not null && job.State != state)
                continue;
            if (page.Count == limit)
                return (page, job.N);
            page.Add(job);
        }

        return (page, null);
    }
}
