using System.Collections.Concurrent;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>Claims ready jobs as far as the batch's policy and the API key allow. A claim is a row; starting comes after.</summary>
public sealed class ClaimReady(Tables tables, KeyPacing pacing, TimeProvider time)
{
    // What was last stated to the key's row by this process; after a restart it is stated again.
    private readonly ConcurrentDictionary<string, (int Held, bool WaitsForOthers)> _stated = new(StringComparer.Ordinal);

    /// <summary>Claims up to 25 jobs in one transaction and takes a turn in the request rate for each.</summary>
    public async Task<StepResult> TryAsync(BatchRow batch, ActiveJobs active, CancellationToken cancellation)
    {
        var id = batch.PartitionKey;
        var ready = await NextReadyAsync(batch, cancellation);
        if (ready.Count == 0 && _stated.TryGetValue(id, out var stated) && stated.Held == active.Generating)
            return StepResult.Nothing;

        var slots = await pacing.HoldAsync(id, active.Generating, ready.Count, cancellation);
        _stated[id] = (active.Generating + slots.Turns.Count, slots.OthersHoldSome && slots.Turns.Count < ready.Count);
        if (slots.Turns.Count == 0)
            return StepResult.Nothing;

        var changes = new RowChanges();
        foreach (var (job, turn) in ready.Zip(slots.Turns))
            Claim(batch, job, turn, changes);
        changes.Replace(batch);
        return await tables.Jobs.CommitAsync(changes, cancellation) ? StepResult.Done : StepResult.Conflict;
    }

    /// <summary>When to look again if nothing wakes the batch.</summary>
    public DateTimeOffset LookAgainAt(BatchRow batch) => Scheduler.LookAgainAt(
        View(batch), _stated.TryGetValue(batch.PartitionKey, out var stated) && stated.WaitsForOthers, time.GetUtcNow());

    private async Task<List<ReadyRow>> NextReadyAsync(BatchRow batch, CancellationToken cancellation)
    {
        var ready = new List<ReadyRow>();
        var wanted = Scheduler.Wanted(View(batch));
        await foreach (var row in tables.Jobs.RangeAsync<ReadyRow>(batch.PartitionKey, "Q|", RowKeys.EndOf("Q"), wanted, cancellation))
            ready.Add(row);
        return ready;
    }

    private void Claim(BatchRow batch, ReadyRow job, DateTimeOffset turn, RowChanges changes)
    {
        var now = time.GetUtcNow();
        changes.Delete(job);
        changes.Add(new ActiveRow
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
        });
        changes.Merge(
            batch.PartitionKey, RowKeys.Job(job.N), (nameof(JobRow.State), JobState.Submitting.ToString()));
        batch.Count(JobState.Ready, -1);
        batch.Count(JobState.Submitting, +1);
        batch.Reserved += CreditColumn.Read(job.EstimateCredits);
        batch.UpdatedAt = now;
    }

    private static SchedulerView View(BatchRow batch) =>
        new(batch.State, batch.Generating, batch.Copying, batch.Ready, batch.MaxConcurrency);
}
