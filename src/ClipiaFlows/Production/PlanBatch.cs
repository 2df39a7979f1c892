using System.Text.Json;
using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Prices the jobs of an accepted plan and writes down their rows.</summary>
/// <remarks>
/// May run more than once: rows are put as they must be, and how far it came is part of each transaction. Asks for
/// estimates, which cost nothing but requests of the key's rate. Throws only for accidents of storage.
/// </remarks>
public sealed class PlanBatch(Tables tables, IStateBlobs blobs, PriceList prices, TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "plan-batch";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    private const int MostChanges = 90;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PlanMustBeThereAfter = TimeSpan.FromMinutes(10);

    /// <summary>Goes on from where planning stands.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, CancellationToken cancellation)
    {
        var batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
        if (batch is not { State: BatchState.Planning })
            return BatchStep.Next(BatchStepKind.Advance);
        if (await StoredPlan.ReadAsync(blobs, input.Batch, cancellation) is not { } plan)
            return await WithoutPlanAsync(batch, cancellation);

        try
        {
            while (batch is { State: BatchState.Planning } && batch.Seeded < batch.Total)
            {
                if (await SeedAsync(batch, plan, cancellation) is { } later)
                    return BatchStep.WaitUntil(later);
                batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
            }
        }
        catch (ClipiaException refusal)
        {
            return await BlockedAsync(input.Batch, refusal, cancellation);
        }

        if (batch is { State: BatchState.Planning })
        {
            batch.State = BatchState.Running;
            (batch.Reason, batch.ReasonCode) = (null, null);
            await SaveAsync(batch, cancellation);
        }

        return BatchStep.Next(BatchStepKind.Advance);
    }

    /// <summary>Writes the next jobs in one transaction; answers when to go on if prices must wait for a turn.</summary>
    private async Task<DateTimeOffset?> SeedAsync(BatchRow batch, StoredPlan plan, CancellationToken cancellation)
    {
        var changes = new RowChanges();
        while (batch.Seeded < batch.Total)
        {
            var job = plan.Jobs[batch.Seeded];
            var room = MostChanges - changes.Count;
            if (room < Math.Min(job.Needs.Count, MostChanges / 2) + 3)
                break;
            var (price, later) = await prices.FindAsync(job, cancellation);
            if (price is null)
            {
                if (changes.Count == 0)
                    return later;
                break;
            }

            await SeedEdgesAsync(batch, job, changes, cancellation);
            SeedJob(batch, plan, job, price, changes);
        }

        batch.UpdatedAt = time.GetUtcNow();
        changes.Replace(batch);
        await CommitAsync(batch, changes, cancellation);
        return null;
    }

    private void SeedJob(BatchRow batch, StoredPlan plan, PlannedJob planned, Price price, RowChanges changes)
    {
        var line = plan.Lines[planned.N];
        var job = new JobRow
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RowKeys.Job(planned.N),
            N = planned.N,
            Id = planned.Id,
            Model = planned.Model,
            State = price.Code is not null ? JobState.Failed : planned.Needs.Count > 0 ? JobState.Waiting : JobState.Ready,
            PlanOffset = line.Offset,
            PlanLength = line.Length,
            Priority = planned.Priority,
            Weight = planned.Weight,
            NeedsLeft = planned.Needs.Count,
            Dependents = plan.Dependents[planned.N],
            Estimate = price.Credits,
            VariablesJson = planned.Variables.Count == 0 ? null : JsonSerializer.Serialize(planned.Variables),
            ReadyAt = planned.Needs.Count == 0 ? time.GetUtcNow() : null,
            Code = price.Code,
            Message = price.Message,
            FinishedAt = price.Code is null ? null : time.GetUtcNow(),
        };
        changes.Put(job);
        if (job.State is JobState.Ready)
            changes.Put(ReadyRow.Of(job));
        if (job.State is JobState.Failed && job.Dependents > 0)
            changes.Put(FollowUpRow.Of(job));
        batch.Seeded++;
        batch.Count(job.State, +1);
        batch.Estimated += price.Credits;
    }

    /// <summary>Puts the edges with the job where they fit, and before it in transactions of their own where they do not.</summary>
    private async Task SeedEdgesAsync(BatchRow batch, PlannedJob job, RowChanges changes, CancellationToken cancellation)
    {
        var edges = job.Needs.Select(from => new EdgeRow
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RowKeys.Edge(from, job.N),
            From = from,
            To = job.N,
        });
        if (job.Needs.Count <= MostChanges / 2)
        {
            foreach (var edge in edges)
                changes.Put(edge);
            return;
        }

        foreach (var some in edges.Chunk(MostChanges))
        {
            var apart = new RowChanges();
            foreach (var edge in some)
                apart.Put(edge);
            await tables.Jobs.CommitAsync(apart, cancellation);
        }
    }

    private async Task<BatchStep> WithoutPlanAsync(BatchRow batch, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - batch.CreatedAt < PlanMustBeThereAfter)
            return BatchStep.WaitUntil(now + AskAgain);

        batch.State = BatchState.Canceling;
        batch.Reason = "The plan was never stored, because the app stopped while it accepted the manifest. Submit it again under another id.";
        batch.ReasonCode = "plan_missing";
        batch.Total = batch.Seeded = 0;
        await SaveAsync(batch, cancellation);
        return BatchStep.Next(BatchStepKind.Advance);
    }

    private async Task<BatchStep> BlockedAsync(string id, ClipiaException refusal, CancellationToken cancellation)
    {
        var reason = $"Prices cannot be had: {refusal.Message}";
        var batch = await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation);
        if (batch is { State: BatchState.Planning } && batch.Reason != reason)
        {
            (batch.Reason, batch.ReasonCode) = (reason, refusal.Code);
            await SaveAsync(batch, cancellation);
        }

        return BatchStep.WaitUntil(time.GetUtcNow() + (refusal.RetryAfter > AskAgain ? refusal.RetryAfter.Value : AskAgain));
    }

    private Task SaveAsync(BatchRow batch, CancellationToken cancellation)
    {
        batch.UpdatedAt = time.GetUtcNow();
        return CommitAsync(batch, RowChanges.Replacing(batch), cancellation);
    }

    /// <summary>Whoever loses against an overlapping run tries again as a fresh activity, from what then stands there.</summary>
    private async Task CommitAsync(BatchRow batch, RowChanges changes, CancellationToken cancellation)
    {
        if (!await tables.Jobs.CommitAsync(changes, cancellation))
            throw new InvalidOperationException($"Batch {batch.PartitionKey} is being planned elsewhere at the same time.");
    }
}
