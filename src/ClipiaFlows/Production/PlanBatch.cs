using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Prices the jobs of an accepted plan and writes down their rows.</summary>
/// <remarks>
/// May run more than once: rows are put as they must be, and how far it came is part of each transaction. Asks for
/// estimates, which cost nothing but requests of the key's rate. Throws only for accidents of storage.
/// </remarks>
public sealed class PlanBatch(Tables tables, BatchCommit commit, IStateBlobs blobs, PriceList prices, TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "plan-batch";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    private const int MostChanges = 90;
    private const int MaxNamedJobs = 50;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RejectedAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PlanMustBeThereAfter = TimeSpan.FromMinutes(10);

    // Then Advance has a look at what people have asked for meanwhile.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(2);

    /// <summary>Goes on from where planning stands, for about two seconds.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
        if (batch is null || !IsToBeSeeded(batch))
            return await ReadyAsync(batch, cancellation);
        await using var plan = await OpenPlanAsync(batch, cancellation);
        if (plan is null)
            return await WithoutPlanAsync(batch, cancellation);

        try
        {
            await using var jobs = plan.ReadAsync(cancellation).GetAsyncEnumerator(cancellation);
            var (next, state, seed) = (await NextAsync(jobs), batch.State, batch.Seed);
            while (next is { } first && batch is not null && batch.State == state && IsToBeSeeded(batch))
            {
                // A run beside this one has gone on, or even another batch of this id: a fresh one begins where the row stands.
                if (batch.Seeded != first.Line.N || batch.Seed != seed)
                    break;
                if (time.GetElapsedTime(started) > LongestRun)
                    return BatchStep.Next(BatchStepKind.Advance);
                (next, var later) = await SeedAsync(batch, first, jobs, cancellation);
                if (later is { } turn)
                    return BatchStep.WaitUntil(turn);
                if (next is null)
                    return BatchStep.Next(BatchStepKind.Advance);
                batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
            }
        }
        catch (ClipiaException refusal)
        {
            return await BlockedAsync(
                input.Batch, $"Prices cannot be had: {refusal.Message}", refusal.Code, refusal.RetryAfter, cancellation);
        }
        catch (StorageRejectedException rejection)
        {
            return await BlockedAsync(input.Batch, rejection.Message, StorageRejectedException.Code, RejectedAgain, cancellation);
        }

        return await ReadyAsync(batch, cancellation);
    }

    /// <summary>A batch that was cancelled while it was planned gets the rest of its jobs too, so that its counts add up.</summary>
    private static bool IsToBeSeeded(BatchRow batch) =>
        batch.State is BatchState.Planning or BatchState.Canceling && batch.Seeded < batch.Total;

    private static async Task<(PlannedJob Job, PlanLine Line)?> NextAsync(IAsyncEnumerator<(PlannedJob Job, PlanLine Line)> jobs) =>
        await jobs.MoveNextAsync() ? jobs.Current : null;

    private async Task<PlanLines?> OpenPlanAsync(BatchRow batch, CancellationToken cancellation)
    {
        var last = batch.Seeded == 0
            ? null
            : await tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(batch.Seeded - 1), cancellation);
        return await PlanLines.OpenAsync(
            blobs, batch.PartitionKey, last is null ? null : new PlanLine(last.N, last.PlanOffset, last.PlanLength), cancellation);
    }

    /// <summary>Writes the next jobs in one transaction.</summary>
    /// <returns>The first job that it did not write; and, if prices must wait for a turn, when to go on.</returns>
    private async Task<((PlannedJob Job, PlanLine Line)? Next, DateTimeOffset? Later)> SeedAsync(
        BatchRow batch, (PlannedJob Job, PlanLine Line)? next, IAsyncEnumerator<(PlannedJob Job, PlanLine Line)> jobs,
        CancellationToken cancellation)
    {
        var changes = new RowChanges();
        DateTimeOffset? later = null;
        while (next is var (job, line))
        {
            if (MostChanges - changes.Count < Math.Min(job.Needs.Count + job.After.Count, MostChanges / 2) + 4)
                break;
            if (batch.State is BatchState.Canceling)
                SeedCanceled(batch, job, line, changes);
            else
            {
                (var price, later) = await PriceAsync(job, cancellation);
                if (price is null)
                    break;
                await SeedEdgesAsync(batch, job, changes, cancellation);
                SeedJob(batch, job, line, price, changes);
            }

            next = await NextAsync(jobs);
        }

        if (changes.Count == 0)
            return (next, later);
        // The transaction of the last jobs lets the batch run, which saves one for each batch.
        if (batch.State is BatchState.Planning && batch.Seeded == batch.Total)
            LetRun(batch);
        await SaveAsync(batch, changes, cancellation);
        return (next, later);
    }

    private Task<(Price? Price, DateTimeOffset? Later)> PriceAsync(PlannedJob job, CancellationToken cancellation) =>
        job.Credits is { } agreed
            ? Task.FromResult<(Price?, DateTimeOffset?)>((new Price(agreed), null))
            : prices.FindAsync(job, cancellation);

    private void SeedJob(BatchRow batch, PlannedJob planned, PlanLine line, Price price, RowChanges changes)
    {
        var waits = planned.Needs.Count + planned.After.Count;
        var job = RowOf(batch, planned, line, price.Code is not null ? JobState.Failed : waits > 0 ? JobState.Waiting : JobState.Ready);
        job.Estimate = price.Credits;
        (job.Code, job.Message) = (price.Code, StoredText.Cut(price.Message));
        changes.Put(job);
        if (job.State is JobState.Ready)
            changes.Put(ReadyRow.Of(job));
        if (job.State is JobState.Failed && job.Dependents > 0)
            changes.Put(FollowUpRow.Of(job));
        if (job.State is JobState.Failed)
            commit.Tell(batch, changes, job);
        batch.Estimated += price.Credits;
    }

    private void SeedCanceled(BatchRow batch, PlannedJob planned, PlanLine line, RowChanges changes)
    {
        var job = RowOf(batch, planned, line, JobState.Canceled);
        job.Estimate = planned.Credits ?? 0;
        (job.Code, job.Message) = ("batch_canceled", "The batch was canceled while it was being planned.");
        changes.Put(job);
        commit.Tell(batch, changes, job);
    }

    private JobRow RowOf(BatchRow batch, PlannedJob planned, PlanLine line, JobState state)
    {
        batch.Seeded++;
        batch.Count(state, +1);
        return new JobRow
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RowKeys.Job(planned.N),
            N = planned.N,
            Id = planned.Id,
            Model = planned.Model,
            State = state,
            PlanOffset = line.Offset,
            PlanLength = line.Length,
            Priority = planned.Priority,
            Weight = planned.Weight,
            NeedsLeft = planned.Needs.Count + planned.After.Count,
            Needs = Named(planned, planned.Needs),
            EqualJobs = Named(planned, planned.After),
            Dependents = planned.Dependents,
            VariablesJson = ListedVariables.Write(planned.Variables),
            ReadyAt = state is JobState.Ready ? time.GetUtcNow() : null,
            FinishedAt = state is JobState.Failed or JobState.Canceled ? time.GetUtcNow() : null,
        };
    }

    private static string? Named(PlannedJob planned, IReadOnlyList<int> numbers) =>
        planned.Needs.Count + planned.After.Count is > 0 and <= MaxNamedJobs ? string.Join(',', numbers) : null;

    /// <summary>Puts the edges with the job where they fit, and before it in transactions of their own where they do not.</summary>
    private async Task SeedEdgesAsync(BatchRow batch, PlannedJob job, RowChanges changes, CancellationToken cancellation)
    {
        var edges = job.Needs.Select(from => Edge(from, soft: false)).Concat(job.After.Select(from => Edge(from, soft: true))).ToList();
        if (edges.Count <= MostChanges / 2)
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

        EdgeRow Edge(int from, bool soft) => new()
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RowKeys.Edge(from, job.N),
            From = from,
            To = job.N,
            Soft = soft,
        };
    }

    /// <summary>Lets a batch run, or pause, once all its jobs are written down.</summary>
    private async Task<BatchStep> ReadyAsync(BatchRow? batch, CancellationToken cancellation)
    {
        if (batch is { State: BatchState.Planning } && batch.Seeded == batch.Total)
        {
            LetRun(batch);
            await SaveAsync(batch, new RowChanges(), cancellation);
        }

        return BatchStep.Next(BatchStepKind.Advance);
    }

    private static void LetRun(BatchRow batch)
    {
        batch.StateAsRead = batch.State;
        if (batch.PausePlanned)
            batch.PauseFor(PauseReasons.ByRequest, "Paused by request.");
        else
            batch.GoOn();
        batch.PausePlanned = false;
    }

    private async Task<BatchStep> WithoutPlanAsync(BatchRow batch, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (batch.State is BatchState.Planning && now - batch.CreatedAt < PlanMustBeThereAfter)
            return BatchStep.WaitUntil(now + AskAgain);

        batch.State = BatchState.Canceling;
        batch.Reason = "The plan was never stored, because the app stopped while it accepted the manifest. Submit it again under another id.";
        batch.ReasonCode = "plan_missing";
        batch.Total = batch.Seeded = 0;
        await SaveAsync(batch, new RowChanges(), cancellation);
        return BatchStep.Next(BatchStepKind.Advance);
    }

    /// <summary>Says why planning does not go on, and tries again later.</summary>
    private async Task<BatchStep> BlockedAsync(string id, string message, string code, TimeSpan? pause, CancellationToken cancellation)
    {
        var reason = StoredText.Cut(message);
        var batch = await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation);
        if (batch is { State: BatchState.Planning } && batch.Reason != reason)
        {
            (batch.Reason, batch.ReasonCode) = (reason, code);
            await SaveAsync(batch, new RowChanges(), cancellation);
        }

        return BatchStep.WaitUntil(time.GetUtcNow() + (pause > AskAgain ? pause.Value : AskAgain));
    }

    /// <summary>Whoever loses against an overlapping run tries again as a fresh activity, from what then stands there.</summary>
    private async Task SaveAsync(BatchRow batch, RowChanges changes, CancellationToken cancellation)
    {
        if (await commit.SaveAsync(batch, changes, cancellation) is StepResult.Conflict)
            throw new InvalidOperationException($"Batch {batch.PartitionKey} is being planned elsewhere at the same time.");
    }
}
