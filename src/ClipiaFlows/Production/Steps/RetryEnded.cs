using System.Text.Json;
using Clipia;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Lets failed, skipped and unresolved jobs run again. The first pass prices them and takes them back; the second decides
/// which are ready, which wait for others, and which need a job that will not run. Nothing is claimed in between, except by
/// jobs whose generation is paid for and whose files could not be stored: they keep their attempt and only fetch them again,
/// for which they need neither a slot nor credits.
/// </summary>
public sealed class RetryEnded(Tables tables, BatchCommit commit, IStateBlobs blobs, PriceList prices, TimeProvider time)
{
    // Four changes a job at most, the row of the retry, the operation, the batch row and its event: a transaction takes 100.
    private const int MaxChanges = 92;
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
            if (taken == MostJobs || changes.Count > MaxChanges)
                return (false, null);
            read++;
            if (IsMeant(job, retry, only))
            {
                var paid = retry.Checks || retry.BuyAgain ? null : await PaidFiles.FindAsync(tables, job, cancellation);
                var plan = await PlanOfAsync(batch, job, cancellation);
                if (paid is not null)
                    Collect(batch, retry, job, paid, changes);
                else if (retry.Checks)
                    await DecideAsync(batch, retry, job, plan, changes, cancellation);
                else if (await PriceAsync(plan, cancellation) is var (price, later) && price is not null)
                    await TakeBackAsync(batch, retry, job, price, changes, cancellation);
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

    private async Task TakeBackAsync(
        BatchRow batch, RetryRow retry, JobRow job, Price price, RowChanges changes, CancellationToken cancellation)
    {
        if (price.Code is not null)
        {
            (job.Code, job.Message) = (price.Code, price.Message);
            changes.Replace(job);
            return;
        }

        if (job.State is JobState.Unresolved && !await SupersedeAsync(job, changes, cancellation))
            return;
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

    /// <summary>
    /// What an unresolved attempt makes after all is settled, and its files are not stored: the next attempt's have their place.
    /// </summary>
    /// <returns><c>false</c> when it has been delivered already, so that the job is about to succeed.</returns>
    private async Task<bool> SupersedeAsync(JobRow job, RowChanges changes, CancellationToken cancellation)
    {
        var attempt = await tables.Jobs.FindAsync<AttemptRow>(job.PartitionKey, RowKeys.Attempt(job.N, job.Attempt), cancellation);
        if (attempt is { State: JobState.Copying or JobState.Succeeded })
            return false;
        if (attempt is not null)
        {
            attempt.IsAbandoned = true;
            changes.Replace(attempt);
        }

        return true;
    }

    /// <summary>Claims the job for the same attempt, which fetches its files at the addresses that the result names now.</summary>
    private void Collect(BatchRow batch, RetryRow retry, JobRow job, AttemptRow paid, RowChanges changes)
    {
        var now = time.GetUtcNow();
        var claim = new ActiveRow
        {
            PartitionKey = job.PartitionKey,
            RowKey = RowKeys.Active(job.N),
            N = job.N,
            Attempt = job.Attempt,
            PlanOffset = job.PlanOffset,
            PlanLength = job.PlanLength,
            ClaimedAt = now,
            NotBefore = now,
            Copying = true,
            IsRetryingCopy = true,
        };
        batch.Count(job.State, -1);
        batch.Count(claim, +1);
        job.State = JobState.Submitting;
        (job.Code, job.Message, job.FinishedAt) = (null, null, null);
        paid.State = JobState.Copying;
        (paid.Code, paid.Message, paid.FinishedAt, paid.CopyTries, paid.NextTryAt) = (null, null, null, 0, null);
        (paid.IsResultStale, paid.IsChargeCounted) = (true, true);
        (retry.Jobs, retry.Collects) = (retry.Jobs + 1, retry.Collects + 1);
        changes.Add(claim);
        changes.Replace(job);
        changes.Replace(paid);
        commit.Tell(batch, changes, claim, JobState.Copying);
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
        $"{retry.Jobs} job{(retry.Jobs == 1 ? " runs" : "s run")} again, for {retry.Credits} credits by the API's estimates."
        + (retry.Collects == 0 ? "" : $" {retry.Collects} of them only {(retry.Collects == 1 ? "fetches" : "fetch")} files that are paid for.");

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
