using System.Collections.Concurrent;
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
    // Four changes a claim, the batch row and its event: a transaction takes 100.
    private const int MostChanges = 98;
    private const int ChangesOfAClaim = 4;

    // Entries of the ready queue that are read ahead.
    private const int ReadAhead = 100;

    private static readonly TimeSpan StatedFor = TimeSpan.FromSeconds(30);

    // Known as long as nobody else has changed the batch. A run takes it out, and puts it back when it is through.
    private readonly ConcurrentDictionary<string, ReadyList> _queues = new(StringComparer.Ordinal);

    // What was last stated to the key's row by this process; stated again when it is old, or after a restart.
    private readonly ConcurrentDictionary<string, Statement> _stated = new(StringComparer.Ordinal);

    private sealed record Statement(int Held, int Wanted, DateTimeOffset At);

    /// <summary>Puts up to 22 claims into a transaction, which the caller commits, and takes a turn in the request rate for each.</summary>
    /// <returns>The claims. When the budget is used up there are none, and the batch's state says so.</returns>
    public async Task<IReadOnlyList<ActiveRow>> CollectAsync(
        BatchSnapshot snapshot, RowChanges changes, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        var id = batch.PartitionKey;
        var choice = await ChooseAsync(snapshot, (MostChanges - changes.Count) / ChangesOfAClaim, cancellation);
        if (choice.CheapestThatDoesNotFit is { } cheapest && batch.UnderWay == 0)
        {
            var verdict = Scheduler.BudgetUsedUp(batch, cheapest);
            (batch.State, batch.ReasonCode, batch.Reason) = (verdict.State, verdict.Code, verdict.Reason);
            return [];
        }

        var now = time.GetUtcNow();
        if (choice.Jobs.Count == 0
            && _stated.TryGetValue(id, out var stated)
            && (stated.Held, stated.Wanted) == (batch.Occupying, 0)
            && now - stated.At < StatedFor)
            return [];

        var demand = new SlotDemand(batch.Occupying, choice.Jobs.Count, choice.Weight, Scheduler.HasNothingUnderWay(batch) ? SleepOf(batch) : null);
        var slots = await pacing.HoldAsync(id, demand, cancellation);
        _stated[id] = new(batch.Occupying + slots.Turns.Count, choice.Jobs.Count - slots.Turns.Count, now);
        await BatchInstances.WakeAsync(slots.OthersTurn, client, cancellation);
        return [.. choice.Jobs.Zip(slots.Turns, (chosen, turn) => Claim(batch, chosen.Job, chosen.Price, turn, changes))];
    }

    /// <summary>What an earlier run knew of the queue and is still right needs no reading.</summary>
    public void Recall(BatchSnapshot snapshot)
    {
        if (_queues.TryRemove(snapshot.Batch.PartitionKey, out var known) && known.IsOf(snapshot.Batch.ETag))
            snapshot.Queue = known;
    }

    /// <summary>Keeps what is known of the queue for the next run.</summary>
    public void Remember(BatchSnapshot snapshot)
    {
        if (snapshot.Queue is { } known)
            _queues[snapshot.Batch.PartitionKey] = known;
    }

    /// <summary>The batch needs no claims any more.</summary>
    public void Forget(BatchSnapshot snapshot)
    {
        snapshot.Queue = null;
        _stated.TryRemove(snapshot.Batch.PartitionKey, out _);
    }

    /// <summary>
    /// The batch has ended. A run beside the one that ended it may have stated slots since, by what it had read before: this one, maybe.
    /// </summary>
    public async Task GiveBackAsync(string batch, int occupying, DurableTaskClient client, CancellationToken cancellation)
    {
        if (!_stated.TryRemove(batch, out var stated) || (stated.Held, stated.Wanted) == (occupying, 0))
            return;
        var slots = await pacing.HoldAsync(batch, new SlotDemand(occupying, Wanted: 0, Weight: 1), cancellation);
        await BatchInstances.WakeAsync(slots.OthersTurn, client, cancellation);
    }

    /// <summary>When to look again if nothing wakes the batch; <c>null</c> for not before something does.</summary>
    public DateTimeOffset? LookAgainAt(BatchRow batch)
    {
        var isInLine = _stated.TryGetValue(batch.PartitionKey, out var stated) && stated is { Held: 0, Wanted: > 0 };
        return Scheduler.LookAgainAt(batch, isInLine, time.GetUtcNow());
    }

    /// <summary>A batch that waits in line for its first slot sleeps until its turn or its deadline.</summary>
    private static SleepingJobs SleepOf(BatchRow batch) =>
        new(batch.DeadlineAt ?? DateTimeOffset.MaxValue, batch.Ready, batch.Waiting, batch.Unresolved);

    /// <summary>
    /// The next jobs in order that fit into the budget together. When the first does not, the first that does goes: what is
    /// left of a budget is worth less than any ready job.
    /// </summary>
    private async Task<Choice> ChooseAsync(BatchSnapshot snapshot, int most, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        var wanted = Math.Min(Scheduler.Wanted(SchedulerView.Of(batch)), most);
        if (wanted == 0)
            return new Choice();
        var queue = snapshot.Queue ??= await ReadAsync(batch, ReadAhead, cancellation);
        var choice = Choice.From(queue.Rows, wanted, batch);
        if (choice.Jobs.Count == wanted || queue.IsWhole)
            return choice;
        // Few of the first fit into the budget, or few of the first are left.
        snapshot.Queue = queue = await ReadAsync(batch, batch.Budget is null ? ReadAhead : null, cancellation);
        return Choice.From(queue.Rows, wanted, batch);
    }

    private async Task<ReadyList> ReadAsync(BatchRow batch, int? most, CancellationToken cancellation)
    {
        var rows = new List<ReadyRow>();
        await foreach (var row in tables.Jobs.RangeAsync<ReadyRow>(batch.PartitionKey, "Q|", RowKeys.EndOf("Q"), most, cancellation))
            rows.Add(row);
        return new ReadyList(batch.ETag, rows, isWhole: rows.Count < (most ?? int.MaxValue));
    }

    private ActiveRow Claim(BatchRow batch, ReadyRow job, decimal price, DateTimeOffset turn, RowChanges changes)
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
            EstimateCredits = CreditColumn.Write(price),
            ClaimedAt = now,
            NotBefore = turn,
        };
        changes.Add(claim);
        changes.Merge(
            batch.PartitionKey, RowKeys.Job(job.N), (nameof(JobRow.State), JobState.Submitting.ToString()), (nameof(JobRow.ClaimedAt), now));
        batch.Count(JobState.Ready, -1);
        batch.Count(JobState.Submitting, +1);
        batch.Reserved += price;
        batch.SampleLeft -= 1;
        commit.Tell(batch, changes, claim, JobState.Submitting);
        return claim;
    }

    /// <summary>What of the ready queue fits.</summary>
    private sealed class Choice
    {
        private decimal? _cheapest;

        public List<(ReadyRow Job, decimal Price)> Jobs { get; } = [];

        /// <summary>The price of the cheapest ready job, when none fits.</summary>
        public decimal? CheapestThatDoesNotFit => Jobs.Count == 0 ? _cheapest : null;

        /// <summary>How much the batch counts among others: twice as much for every 25 of its first job's priority.</summary>
        public double Weight => Jobs.Count == 0 ? 1 : Math.Pow(2, Jobs[0].Job.Priority / 25.0);

        public static Choice From(IEnumerable<ReadyRow> queue, int wanted, BatchRow batch)
        {
            var choice = new Choice();
            var left = batch.Budget - batch.Bound;
            var prices = ChargedPrices.Of(batch);
            foreach (var row in queue)
            {
                var price = prices.Expect(row.Model, row.Estimate);
                if (price > left)
                {
                    choice._cheapest = Math.Min(choice._cheapest ?? price, price);
                    continue;
                }

                left -= price;
                choice.Jobs.Add((row, price));
                if (choice.Jobs.Count == wanted)
                    break;
            }

            return choice;
        }
    }
}
