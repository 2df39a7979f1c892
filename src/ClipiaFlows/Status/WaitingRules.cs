using System.Globalization;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Status;

/// <summary>What holds for all jobs of a batch at one moment.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="KeySlots">Generations at a time that the API key allows.</param>
/// <param name="RequestsPerMinute">Requests a minute that the API key allows.</param>
/// <param name="Holders">The batches that have generations under way, and how many.</param>
/// <param name="Now">The time.</param>
internal sealed record WaitingFacts(
    BatchRow Batch, int KeySlots, int RequestsPerMinute, IReadOnlyDictionary<string, int> Holders, DateTimeOffset Now);

/// <summary>A job that another one waits for, as far as it is known.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Its state.</param>
internal readonly record struct AwaitedJob(string Id, JobState State)
{
    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Skipped or JobState.Unresolved;
}

/// <summary>What a job waits for.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">Its attempt, when there is one.</param>
/// <param name="NotBefore">When its submission may be sent, once it is claimed.</param>
/// <param name="Needs">The jobs that it needs; <c>null</c> when they are not known.</param>
/// <param name="EqualJobs">Equal jobs that go first; <c>null</c> when they are not known.</param>
internal sealed record JobFacts(
    JobRow Job, AttemptRow? Attempt = null, DateTimeOffset? NotBefore = null,
    IReadOnlyList<AwaitedJob>? Needs = null, IReadOnlyList<AwaitedJob>? EqualJobs = null);

/// <summary>Decides why jobs are not running. Pure: rows in, reason out; the first rule that applies is the reason.</summary>
internal static class WaitingRules
{
    private const int MaxNames = 3;

    /// <summary>Why the job is not running; <c>null</c> when it is, or has ended.</summary>
    public static WaitingFor? Of(WaitingFacts facts, JobFacts job) => job.Job.State switch
    {
        JobState.Waiting => OfBatch(facts) ?? (IsOfRetry(facts, job.Job) ? Retry() : OfWaiting(job)),
        JobState.Ready => OfBatch(facts) ?? OfReady(facts, PriceOf(facts.Batch, job.Job.Model, job.Job.Estimate)),
        JobState.Submitting when job.Attempt is null or { State: JobState.Submitting, RequestId: null, UnknownSince: null } =>
            OfClaimed(facts, job),
        _ => null,
    };

    /// <summary>How many jobs of a batch wait for what.</summary>
    /// <param name="facts">The batch and the API key.</param>
    /// <param name="waitingForRate">Claimed jobs whose submission waits for the request rate.</param>
    /// <param name="cheapest">Price of the cheapest ready job, when it is known.</param>
    public static IReadOnlyList<WaitingJobs> Summarize(WaitingFacts facts, int waitingForRate, decimal? cheapest)
    {
        var batch = facts.Batch;
        var jobs = new List<WaitingJobs>();
        if (OfBatch(facts) is { } whole)
        {
            Add(whole, batch.State is BatchState.Planning ? batch.Total - (batch.Seeded - batch.Waiting - batch.Ready) : batch.Waiting + batch.Ready);
            return jobs;
        }

        if (batch.Ready > 0)
            Add(OfReady(facts, cheapest), batch.Ready);
        if (waitingForRate > 0)
            Add(new(WaitingCodes.RequestRate, Text($"Submissions wait for the API key's rate of {facts.RequestsPerMinute} requests a minute.")), waitingForRate);
        if (batch.Waiting > 0)
            Add(batch.IsRetrying ? Retry() : Needing(), batch.Waiting);
        return jobs;

        void Add(WaitingFor why, int count)
        {
            if (count > 0)
                jobs.Add(new(why.Code, count, why.Detail));
        }
    }

    /// <summary>What a job is expected to cost in this batch.</summary>
    public static decimal PriceOf(BatchRow batch, string model, decimal estimate) => ChargedPrices.Of(batch).Expect(model, estimate);

    /// <summary>What holds back every job of the batch that is not claimed.</summary>
    private static WaitingFor? OfBatch(WaitingFacts facts) => facts.Batch switch
    {
        { State: BatchState.Canceling } => new(WaitingCodes.Canceling, "The batch is canceling, so nothing more is submitted."),
        { State: BatchState.Planning, Reason: { Length: > 0 } reason } =>
            new(WaitingCodes.Planning, $"The batch is still being planned: {Sentence(reason)}"),
        { State: BatchState.Planning } batch =>
            new(WaitingCodes.Planning, Text($"The batch is still being planned: {batch.Seeded} of {batch.Total} jobs are priced.")),
        { State: BatchState.Paused, ReasonCode: PauseReasons.Budget, Reason: { Length: > 0 } reason } =>
            new(WaitingCodes.Budget, Sentence(reason)),
        { State: BatchState.Paused, ReasonCode: not PauseReasons.ByRequest, Reason: { Length: > 0 } reason } =>
            new(WaitingCodes.Paused, $"The batch is paused: {Sentence(reason)}"),
        { State: BatchState.Paused } => new(WaitingCodes.Paused, "The batch was paused by request; resume it to continue."),
        { State: BatchState.AwaitingApproval } =>
            new(WaitingCodes.Approval, "The sample is done; the other jobs run once it is approved."),
        _ => null,
    };

    private static WaitingFor OfWaiting(JobFacts job)
    {
        var needs = job.Needs?.Where(need => need.State is not JobState.Succeeded).ToList();
        var equals = job.EqualJobs?.Where(equal => !equal.HasEnded).ToList();
        return (needs, equals) switch
        {
            (null, _) or (_, null) => new(
                WaitingCodes.Dependency,
                Text($"It waits for {job.Job.NeedsLeft} other {(job.Job.NeedsLeft == 1 ? "job" : "jobs")} of the batch.")),
            ([], []) => new(WaitingCodes.Dependency, "The jobs that it needs have ended; the batch's next step makes it ready."),
            ([], _) => new(WaitingCodes.Reuse, $"It is equal to {Names(equals)}, and takes that output once it is there."),
            _ => new(WaitingCodes.Dependency, $"It needs {Names(needs)}."),
        };
    }

    private static WaitingFor OfReady(WaitingFacts facts, decimal? price)
    {
        var batch = facts.Batch;
        var left = batch.Budget - batch.Bound;
        var held = facts.Holders.Values.Sum();
        if (batch.IsRetrying)
            return Retry();
        if (batch.SampleLeft <= 0)
            return new(WaitingCodes.Approval, "The sample is being produced; the other jobs run once it is approved.");
        if (price > left)
            return new(WaitingCodes.Budget, Text($"{left} of the budget of {batch.Budget} credits are neither spent nor reserved, and the job costs {price}."));
        if (batch.Copying >= Scheduler.MostCopies)
            return new(WaitingCodes.Copies, Text($"{batch.Copying} outputs of the batch are being stored, and at most {Scheduler.MostCopies} are at a time."));
        if (batch.Generating >= batch.MaxConcurrency && batch.MaxConcurrency < facts.KeySlots)
            return new(WaitingCodes.MaxConcurrency, Text($"The batch's policy allows {batch.MaxConcurrency} {(batch.MaxConcurrency == 1 ? "generation" : "generations")} at a time (maxConcurrency), and {batch.Generating} {(batch.Generating == 1 ? "is" : "are")} under way."));
        if (held >= facts.KeySlots || batch.Generating >= batch.MaxConcurrency)
            return new(WaitingCodes.KeySlots, Text($"The API key allows {facts.KeySlots} {(facts.KeySlots == 1 ? "generation" : "generations")} at a time, and all are in use: {Held(facts)}."));
        return new(WaitingCodes.NextStep, "No limit holds it back; the batch's next step submits it.");
    }

    private static WaitingFor? OfClaimed(WaitingFacts facts, JobFacts job)
    {
        if (facts.Batch.State is BatchState.Paused or BatchState.AwaitingApproval)
            return OfBatch(facts);
        if (job.NotBefore > facts.Now)
            return new(WaitingCodes.RequestRate, Text($"Its submission waits until {job.NotBefore.Value.UtcDateTime:HH:mm:ss} UTC for the API key's rate of {facts.RequestsPerMinute} requests a minute."));
        return job.Attempt is { Tries: > 0 }
            ? new(WaitingCodes.RequestRate, "The API has not accepted the submission yet; it is sent again when the API key's request rate allows it.")
            : null;
    }

    private static WaitingFor Retry() =>
        new(WaitingCodes.Retry, "A retry of the batch is being priced, and nothing is submitted until that is done.");

    private static WaitingFor Needing() => new(WaitingCodes.Dependency, "They wait for other jobs of the batch.");

    // RetryEnded counts the needs of such a job in its second pass.
    private static bool IsOfRetry(WaitingFacts facts, JobRow job) => facts.Batch.IsRetrying && job.NeedsLeft > RowKeys.MaxJobs * 2;

    private static string Names(List<AwaitedJob> jobs)
    {
        var named = jobs.Take(MaxNames).Select(job => $"'{job.Id}' ({StateOf(job)})").ToList();
        if (jobs.Count > named.Count)
            named.Add(Text($"{jobs.Count - named.Count} more"));
        return List(named);
    }

    private static string StateOf(AwaitedJob job) => job.State is JobState.Submitting or JobState.Generating or JobState.Copying
        ? "under way"
        : job.State.ToString().ToLowerInvariant();

    private static string Held(WaitingFacts facts)
    {
        var holders = facts.Holders.Where(holder => holder.Value > 0)
            .OrderByDescending(holder => holder.Value).ThenBy(holder => holder.Key, StringComparer.Ordinal).ToList();
        var named = holders.Take(MaxNames)
            .Select(holder => Text($"{holder.Value} by {(holder.Key == facts.Batch.PartitionKey ? "this batch" : $"batch '{holder.Key}'")}")).ToList();
        if (holders.Count > named.Count)
            named.Add(Text($"{holders.Skip(named.Count).Sum(holder => holder.Value)} by {holders.Count - named.Count} more"));
        return named.Count == 0 ? "by generations of batches that have ended" : List(named);
    }

    private static string List(List<string> parts) =>
        parts.Count == 1 ? parts[0] : string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[^1];

    private static string Sentence(string reason) => reason.EndsWith('.') ? reason : reason + ".";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
