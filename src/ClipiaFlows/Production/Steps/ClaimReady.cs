using System.Collections.Concurrent;
using ClipiaFlows.Durable;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Claims ready jobs as far as the batch's policy, its budget and the API key allow. A claim is a row; starting comes after.
/// </summary>
public sealed class ClaimReady(Tables tables, BatchCommit commit, KeyPacing pacing, TimeProvider time)
{
    private static readonly TimeSpan StatedFor = TimeSpan.FromSeconds(30);

    // What was last stated to the key's row by this process; stated again when it is old, or after a restart.
    private readonly ConcurrentDictionary<string, Statement> _stated = new(StringComparer.Ordinal);

    private sealed record Statement(int Held, int Wanted, bool OthersHoldSome, DateTimeOffset At);

    /// <summary>Claims up to 22 jobs in one transaction and takes a turn in the request rate for each.</summary>
    /// <returns>What came of it, and the claims.</returns>
    public async Task<(StepResult Result, IReadOnlyCollection<ActiveRow> Claims)> TryAsync(
        BatchRow batch, DurableTaskClient client, CancellationToken cancellation)
    {
        var id = batch.PartitionKey;
        var queue = await NextReadyAsync(batch, cancellation);
        if (queue.CheapestThatDoesNotFit is { } cheapest && batch.Generating + batch.Copying == 0)
            return (await ObeyBudgetAsync(batch, cheapest, cancellation), []);

        var now = time.GetUtcNow();
        if (queue.Jobs.Count == 0
            && _stated.TryGetValue(id, out var stated)
            && (stated.Held, stated.Wanted) == (batch.Occupying, 0)
            && now - stated.At < StatedFor)
            return (StepResult.Nothing, []);

        var slots = await pacing.HoldAsync(id, batch.Occupying, queue.Jobs.Count, queue.Weight, cancellation);
        _stated[id] = new(batch.Occupying + slots.Turns.Count, queue.Jobs.Count - slots.Turns.Count, slots.OthersHoldSome, now);
        foreach (var other in slots.MayClaim)
            await client.RaiseEventAsync(InstanceIds.ForBatch(other), Events.WakeUp, "", cancellation);
        if (slots.Turns.Count == 0)
            return (StepResult.Nothing, []);

        var changes = new RowChanges();
        var claims = queue.Jobs.Zip(slots.Turns, (job, turn) => Claim(batch, job, turn, changes)).ToList();
        return await commit.SaveAsync(batch, changes, cancellation) is StepResult.Done ? (StepResult.Done, claims) : (StepResult.Conflict, []);
    }

    /// <summary>When to look again if nothing wakes the batch.</summary>
    public DateTimeOffset LookAgainAt(BatchRow batch)
    {
        var now = time.GetUtcNow();
        var waits = _stated.TryGetValue(batch.PartitionKey, out var stated) && stated is { Wanted: > 0, OthersHoldSome: true };
        var usual = Scheduler.LookAgainAt(SchedulerView.Of(batch), waits, now);
        return batch.DeadlineAt is { } deadline && deadline > now && deadline < usual ? deadline : usual;
    }

    /// <summary>
    /// The next jobs in order that fit into the budget together. When the first does not, the first that does goes: what is
    /// left of a budget is worth less than any ready job.
    /// </summary>
    private async Task<ReadyQueue> NextReadyAsync(BatchRow batch, CancellationToken cancellation)
    {
        var queue = new ReadyQueue();
        var wanted = Scheduler.Wanted(SchedulerView.Of(batch));
        var left = batch.Budget - batch.Bound;
        int? limit = left is null ? wanted : null;
        if (wanted == 0)
            return queue;
        await foreach (var row in tables.Jobs.RangeAsync<ReadyRow>(batch.PartitionKey, "Q|", RowKeys.EndOf("Q"), limit, cancellation))
        {
            var estimate = CreditColumn.Read(row.EstimateCredits);
            if (estimate > left)
            {
                queue.Pass(estimate);
                continue;
            }

            left -= estimate;
            queue.Jobs.Add(row);
            if (queue.Jobs.Count == wanted)
                break;
        }

        return queue;
    }

    private async Task<StepResult> ObeyBudgetAsync(BatchRow batch, decimal cheapest, CancellationToken cancellation)
    {
        var verdict = Scheduler.BudgetUsedUp(batch, cheapest);
        (batch.State, batch.ReasonCode, batch.Reason) = (verdict.State, verdict.Code, verdict.Reason);
        return await commit.SaveAsync(batch, new RowChanges(), cancellation);
    }

    private ActiveRow Claim(BatchRow batch, ReadyRow job, DateTimeOffset turn, RowChanges changes)
    {
        var now = time.GetUtcNow();
        changes.Delete(job);
        var claim = new ActiveRow
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RowKeys.Active(job.N),
            N = job.N,
            Attempt = job.Attempt,
            PlanOffset = job.PlanOffset,
            PlanLength = job.PlanLength,
            EstimateCredits = job.EstimateCredits,
            ClaimedAt = now,
            NotBefore = turn,
        };
        changes.Add(claim);
        changes.Merge(
            batch.PartitionKey, RowKeys.Job(job.N), (nameof(JobRow.State), JobState.Submitting.ToString()), (nameof(JobRow.ClaimedAt), now));
        batch.Count(JobState.Ready, -1);
        batch.Count(JobState.Submitting, +1);
        batch.Reserved += CreditColumn.Read(job.EstimateCredits);
        batch.SampleLeft -= 1;
        commit.Tell(batch, changes, claim, JobState.Submitting);
        return claim;
    }

    /// <summary>What of the ready queue fits.</summary>
    private sealed class ReadyQueue
    {
        private decimal? _cheapest;

        public List<ReadyRow> Jobs { get; } = [];

        /// <summary>The price of the cheapest ready job, when none fits.</summary>
        public decimal? CheapestThatDoesNotFit => Jobs.Count == 0 ? _cheapest : null;

        /// <summary>How much the batch counts among others: twice as much for every 25 of its first job's priority.</summary>
        public double Weight => Jobs.Count == 0 ? 1 : Math.Pow(2, Jobs[0].Priority / 25.0);

        public void Pass(decimal estimate) => _cheapest = Math.Min(_cheapest ?? estimate, estimate);
    }
}
