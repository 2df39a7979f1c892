using System.Text.Json;
using Clipia;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Lets failed, skipped and unresolved jobs run again. The first pass prices them and takes them back; the second decides
/// which are ready, which wait for others, and which need a job that will not run. Nothing is claimed in between.
/// </summary>
public sealed class RetryEnded(Tables tables, BatchCommit commit, IStateBlobs blobs, PriceList prices, TimeProvider time)
{
    // Three changes a job, the row of the retry, the operation and the batch row: a transaction takes 100.
    private const int MostJobs = 30;
    private const int Page = 200;
    private const int MostAttempts = 999;

    // Marks a job whose needs are counted by the second pass; no number of told dependencies brings it down to 0.
    private const int NotCounted = 1_000_000;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    /// <summary>Takes the next piece.</summary>
    /// <returns>What came of it, and when to go on if prices must wait.</returns>
    public async Task<(StepResult Result, DateTimeOffset? Later)> TryAsync(BatchSnapshot snapshot, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        if (!batch.IsRetrying
            || await tables.Jobs.FindAsync<RetryRow>(batch.PartitionKey, RetryRow.Key, cancellation) is not { } retry)
            return (StepResult.Nothing, null);
        if (batch.State is BatchState.Canceling)
            return (await FinishAsync(snapshot, retry, new RowChanges(), "Cancelled before it was through.", cancellation), null);

        var changes = new RowChanges();
        var (isThrough, later) = await TakeBackAsync(batch, retry, changes, cancellation);
        if (later is not null && changes.Count == 0)
            return (StepResult.Nothing, later);
        if (!isThrough)
            return (await SaveAsync(snapshot, retry, changes, cancellation), null);
        if (retry.Checks)
            return (await FinishAsync(snapshot, retry, changes, Outcome(retry), cancellation), null);
        (retry.Checks, retry.Next) = (true, 0);
        return (await SaveAsync(snapshot, retry, changes, cancellation), null);
    }

    private async Task<(bool IsThrough, DateTimeOffset? Later)> TakeBackAsync(
        BatchRow batch, RetryRow retry, RowChanges changes, CancellationToken cancellation)
    {
        var only = retry.JobsJson is null ? null : JsonSerializer.Deserialize<HashSet<string>>(retry.JobsJson);
        var read = 0;
        var taken = 0;
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(
            batch.PartitionKey, RowKeys.Job(retry.Next), RowKeys.EndOf("J"), Page, cancellation))
        {
            if (taken == MostJobs)
                return (false, null);
            read++;
            if (IsMeant(job, retry, only))
            {
                var plan = await PlanOfAsync(batch, job, cancellation);
                if (retry.Checks)
                    await DecideAsync(batch, retry, job, plan, changes, cancellation);
                else if (await PriceAsync(plan, cancellation) is var (price, later) && price is not null)
                    TakeBack(batch, retry, job, price, changes);
                else
                    return (false, later ?? time.GetUtcNow() + AskAgain);
                taken++;
            }

            retry.Next = job.N + 1;
        }

        return (read < Page, null);
    }

    private static bool IsMeant(JobRow job, RetryRow retry, HashSet<string>? only) => retry.Checks
        ? job is { State: JobState.Waiting, NeedsLeft: >= NotCounted / 2 }
        : job is { State: JobState.Failed or JobState.Skipped or JobState.Unresolved, Attempt: < MostAttempts }
            && only?.Contains(job.Id) is null or true;

    private async Task<PlannedJob> PlanOfAsync(BatchRow batch, JobRow job, CancellationToken cancellation)
    {
        var line = await blobs.ReadAsync(BlobNames.Plan(batch.PartitionKey), job.PlanOffset, job.PlanLength, cancellation)
            ?? throw new InvalidDataException($"The plan of batch {batch.PartitionKey} is gone.");
        return PlannedJob.Parse(line);
    }

    private async Task<(Price? Price, DateTimeOffset? Later)> PriceAsync(PlannedJob plan, CancellationToken cancellation)
    {
        try
        {
            return await prices.FindAsync(plan, cancellation);
        }
        catch (ClipiaException refusal)
        {
            return (null, time.GetUtcNow() + (refusal.RetryAfter > AskAgain ? refusal.RetryAfter.Value : AskAgain));
        }
    }

    private static void TakeBack(BatchRow batch, RetryRow retry, JobRow job, Price price, RowChanges changes)
    {
        if (price.Code is not null)
        {
            (job.Code, job.Message) = (price.Code, price.Message);
            changes.Replace(job);
            return;
        }

        batch.Count(job.State, -1);
        batch.Estimated += price.Credits - job.Estimate;
        job.Estimate = price.Credits;
        job.State = JobState.Waiting;
        job.NeedsLeft = NotCounted;
        job.Attempt++;
        (job.Code, job.Message, job.ReadyAt, job.ClaimedAt, job.FinishedAt) = (null, null, null, null, null);
        batch.Count(job.State, +1);
        retry.Jobs++;
        retry.Credits = CreditColumn.Write(CreditColumn.Read(retry.Credits) + price.Credits);
        changes.Replace(job);
    }

    private async Task DecideAsync(
        BatchRow batch, RetryRow retry, JobRow job, PlannedJob plan, RowChanges changes, CancellationToken cancellation)
    {
        var needed = await JobsAsync(batch, plan.Needs, cancellation);
        var awaited = await JobsAsync(batch, plan.After, cancellation);
        batch.Count(job.State, -1);
        if (needed.FirstOrDefault(need => HasEnded(need) && need.State is not JobState.Succeeded) is { } missing)
        {
            FollowUps.Skip(job, missing.Id, missing.State, time.GetUtcNow(), changes);
            retry.Jobs--;
            retry.Credits = CreditColumn.Write(CreditColumn.Read(retry.Credits) - job.Estimate);
        }
        else
        {
            job.NeedsLeft = needed.Count(need => need.State is not JobState.Succeeded) + awaited.Count(one => !HasEnded(one));
            if (job.NeedsLeft == 0)
            {
                job.State = JobState.Ready;
                job.ReadyAt = time.GetUtcNow();
                changes.Add(ReadyRow.Of(job));
            }
        }

        batch.Count(job.State, +1);
        changes.Replace(job);
        commit.Tell(batch, changes, job);
    }

    private async Task<JobRow[]> JobsAsync(BatchRow batch, IReadOnlyList<int> numbers, CancellationToken cancellation) =>
        (await Task.WhenAll(numbers.Select(n => tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(n), cancellation))))!;

    private static bool HasEnded(JobRow job) => job.State
        is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Skipped or JobState.Unresolved;

    private static string Outcome(RetryRow retry) =>
        $"{retry.Jobs} job{(retry.Jobs == 1 ? " runs" : "s run")} again, for {retry.Credits} credits by the API's estimates.";

    private async Task<StepResult> FinishAsync(
        BatchSnapshot snapshot, RetryRow retry, RowChanges changes, string outcome, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        batch.IsRetrying = false;
        changes.Delete(retry);
        if (await tables.Jobs.FindAsync<OperationRow>(batch.PartitionKey, RowKeys.Operation(retry.Operation), cancellation) is { } operation)
        {
            operation.Status = OperationStatus.Done;
            operation.DecidedAt = time.GetUtcNow();
            operation.Message = outcome;
            changes.Replace(operation);
        }

        return await commit.SaveAsync(snapshot, changes, cancellation);
    }

    private Task<StepResult> SaveAsync(BatchSnapshot snapshot, RetryRow retry, RowChanges changes, CancellationToken cancellation)
    {
        changes.Replace(retry);
        return commit.SaveAsync(snapshot, changes, cancellation);
    }
}
