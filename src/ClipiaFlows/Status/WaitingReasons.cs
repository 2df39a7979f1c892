using System.Globalization;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>Finds out why jobs are not running. Reading changes nothing.</summary>
/// <remarks>
/// A page of jobs takes at most three reads besides its own: the batches that hold the key's slots, the batch's claims, and one
/// range of the jobs that others need. A single job reads each of those that it needs.
/// </remarks>
public sealed class WaitingReasons(Tables tables, KeyPacing pacing, TimeProvider time)
{
    private const int MaxQueueRead = 100;
    private const int MaxNeededRead = 1000;

    private static readonly Dictionary<string, int> NoHolders = [];

    /// <summary>The jobs with the reasons of those that wait.</summary>
    internal async Task<IReadOnlyList<JobView>> OfJobsAsync(
        BatchRow batch, IReadOnlyList<(JobRow Job, AttemptRow? Attempt)> jobs, CancellationToken cancellation)
    {
        if (!jobs.Any(job => job.Job.State is JobState.Waiting or JobState.Ready or JobState.Submitting))
            return [.. jobs.Select(job => JobView.Of(job.Job, job.Attempt))];
        var isRunning = batch.State is BatchState.Running;
        var facts = await FactsAsync(batch, isRunning && jobs.Any(job => job.Job.State is JobState.Ready), cancellation);
        var claims = jobs.Any(IsUnsent) ? await ActiveJobs.ReadAsync(tables, batch.PartitionKey, cancellation) : new ActiveJobs();
        var known = isRunning ? await NeededAsync(batch, jobs, cancellation) : [];
        return
        [
            .. jobs.Select(job => JobView.Of(job.Job, job.Attempt) with
            {
                WaitingFor = WaitingRules.Of(facts, new(
                    job.Job, job.Attempt, claims.Find(job.Job.N, job.Job.Attempt)?.NotBefore,
                    Awaited(job.Job.Needs, known), Awaited(job.Job.EqualJobs, known))),
            }),
        ];
    }

    /// <summary>How many jobs of each batch wait for what, as far as its own row and the key's holders say: one read for all.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<WaitingJobs>>> OfBatchesAsync(IReadOnlyList<BatchRow> batches, CancellationToken cancellation)
    {
        if (batches.Count == 0)
            return [];
        var facts = await FactsAsync(batches[0], batches.Any(NeedsHolders), cancellation);
        return [.. batches.Select(batch => WaitingRules.Summarize(facts with { Batch = batch }, waitingForRate: 0, cheapest: null))];
    }

    /// <summary>How many jobs of a batch wait for what, with what its claims and its ready queue say.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="unsent">Its claimed jobs that are not sent.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal async Task<IReadOnlyList<WaitingJobs>> OfBatchAsync(
        BatchRow batch, IReadOnlyList<ActiveRow> unsent, CancellationToken cancellation)
    {
        var facts = await FactsAsync(batch, NeedsHolders(batch), cancellation);
        var cheapest = batch is { State: BatchState.Running, Ready: > 0, Budget: not null } ? await CheapestAsync(batch, cancellation) : null;
        return WaitingRules.Summarize(facts, unsent.Count(claim => claim.NotBefore > facts.Now), cheapest);
    }

    private static bool NeedsHolders(BatchRow batch) => batch is { State: BatchState.Running, Ready: > 0 };

    private static bool IsUnsent((JobRow Job, AttemptRow? Attempt) job) =>
        job is { Job.State: JobState.Submitting, Attempt: null or { RequestId: null } };

    private async Task<WaitingFacts> FactsAsync(BatchRow batch, bool withHolders, CancellationToken cancellation)
    {
        var (slots, requestsPerMinute) = await pacing.LimitsAsync(cancellation);
        var holders = withHolders ? (await pacing.LineAsync(cancellation)).Line.Holders.ToDictionary(holder => holder.Key, holder => holder.Value.Held) : NoHolders;
        return new(batch, slots, requestsPerMinute, holders, time.GetUtcNow());
    }

    /// <summary>The cheapest of the first ready jobs; <c>null</c> when there are more, of which one may be cheaper.</summary>
    private async Task<decimal?> CheapestAsync(BatchRow batch, CancellationToken cancellation)
    {
        decimal? cheapest = null;
        var read = 0;
        await foreach (var job in tables.Jobs.RangeAsync<ReadyRow>(batch.PartitionKey, "Q|", RowKeys.EndOf("Q"), MaxQueueRead, cancellation))
        {
            var price = WaitingRules.PriceOf(batch, job.Model, job.Estimate);
            cheapest = cheapest < price ? cheapest : price;
            read++;
        }

        return read < MaxQueueRead || cheapest <= batch.Budget - batch.Bound ? cheapest : null;
    }

    /// <summary>The jobs that jobs of the page wait for: those of the page, and one range of others where they are not far apart.</summary>
    private async Task<Dictionary<int, AwaitedJob>> NeededAsync(
        BatchRow batch, IReadOnlyList<(JobRow Job, AttemptRow? Attempt)> jobs, CancellationToken cancellation)
    {
        var known = jobs.ToDictionary(job => job.Job.N, job => AwaitedOf(JobView.Of(job.Job, job.Attempt)));
        var missing = jobs.Where(job => job.Job.State is JobState.Waiting)
            .SelectMany(job => NumbersOf(job.Job.Needs).Concat(NumbersOf(job.Job.EqualJobs)))
            .Where(n => !known.ContainsKey(n)).Distinct().Order().ToList();
        if (jobs.Count == 1)
        {
            var rows = await Task.WhenAll(missing.Select(n =>
                tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(n), cancellation)));
            foreach (var row in rows.OfType<JobRow>())
                known.Add(row.N, new(row.Id, row.State));
            return known;
        }

        if (missing.Count == 0 || missing[^1] - missing[0] >= MaxNeededRead)
            return known;
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(
            batch.PartitionKey, RowKeys.Job(missing[0]), RowKeys.Job(missing[^1] + 1), null, cancellation,
            [nameof(JobRow.N), nameof(JobRow.Id), nameof(JobRow.State)]))
            known.TryAdd(job.N, new(job.Id, job.State));
        return known;

        static AwaitedJob AwaitedOf(JobView job) => new(job.Id, job.State);
    }

    /// <summary>What a job waits for; <c>null</c> when not all of it is known.</summary>
    private static List<AwaitedJob>? Awaited(string? numbers, Dictionary<int, AwaitedJob> known)
    {
        if (numbers is null)
            return null;
        var jobs = new List<AwaitedJob>();
        foreach (var n in NumbersOf(numbers))
        {
            if (!known.TryGetValue(n, out var job))
                return null;
            jobs.Add(job);
        }

        return jobs;
    }

    private static IEnumerable<int> NumbersOf(string? numbers) =>
        (numbers ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture));
}
