using System.Collections.Concurrent;
using ClipiaFlows.Durable;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Production;

/// <summary>
/// Sees to it that every claimed job has a running instance. What this process has started it remembers; after a restart it
/// starts everything again, and the instance ids make that harmless.
/// </summary>
public sealed partial class JobInstances(AttemptStore attempts, TimeProvider time, ILogger<JobInstances> log)
{
    private const int StartsAtATime = 8;
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <summary>Starts the instances of claimed jobs that are not known to run. May be repeated.</summary>
    public async Task StartAsync(BatchRow batch, IEnumerable<ActiveRow> active, DurableTaskClient client, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var (instance, at) in _seen)
        {
            if (now - at > KeptFor)
                _seen.TryRemove(instance, out _);
        }

        var unknown = active.Select(claim => JobOf(batch, claim)).Where(job => !IsKnown(job.InstanceId, now));
        foreach (var some in unknown.Chunk(StartsAtATime))
        {
            await Task.WhenAll(some.Select(async job =>
            {
                await EnsureAsync(job, client, cancellation);
                _seen[job.InstanceId] = now;
            }));
        }
    }

    /// <summary>A settled attempt needs no instance any more.</summary>
    public void Forget(string batch, int n, int attempt) => _seen.TryRemove(InstanceIds.ForJob(batch, n, attempt), out _);

    /// <summary>
    /// The same for attempts that the batch does not wait for any more and whose end it still wants to know: a claim may have
    /// been given up before its instance was started. May be repeated.
    /// </summary>
    public async Task StartTailsAsync(BatchRow batch, IEnumerable<TailRow> tails, DurableTaskClient client, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var tail in tails.Where(tail => tail.IsLive))
        {
            var instance = InstanceIds.ForJob(batch.PartitionKey, tail.N, tail.Attempt);
            if (IsKnown(instance, now) || await attempts.FindJobAsync(batch.PartitionKey, tail.N, cancellation) is not { } job)
                continue;
            await EnsureAsync(JobOf(batch, tail, job), client, cancellation);
            _seen[instance] = now;
        }
    }

    /// <summary>Runs an attempt again that has ended. May be repeated.</summary>
    public static Task RunAgainAsync(JobAttempt attempt, DurableTaskClient client, CancellationToken cancellation) =>
        InstanceStart.TryAsync(client, RunJob.Name, attempt.InstanceId, attempt, alsoAfterCompletion: true, cancellation);

    /// <summary>The attempt of a tail.</summary>
    public static JobAttempt JobOf(BatchRow batch, TailRow tail, JobRow job) => JobOf(batch, new ActiveRow
    {
        N = tail.N,
        Attempt = tail.Attempt,
        PlanOffset = job.PlanOffset,
        PlanLength = job.PlanLength,
        EstimateCredits = tail.EstimateCredits,
    });

    /// <summary>The attempt of a claim.</summary>
    public static JobAttempt JobOf(BatchRow batch, ActiveRow claim) => new()
    {
        Batch = batch.PartitionKey,
        N = claim.N,
        Attempt = claim.Attempt,
        Seed = batch.Seed,
        PlanOffset = claim.PlanOffset,
        PlanLength = claim.PlanLength,
        NotBefore = claim.NotBefore.UtcDateTime,
        ClaimedAt = claim.ClaimedAt.UtcDateTime,
        Estimate = CreditColumn.Read(claim.EstimateCredits),
        DeadlineSeconds = batch.JobDeadlineSeconds,
        Reuse = batch.Reuse,
        TraceParent = batch.TraceParent,
    };

    private bool IsKnown(string instance, DateTimeOffset now) =>
        _seen.TryGetValue(instance, out var at) && now - at < BetweenChecks;

    private async Task EnsureAsync(JobAttempt job, DurableTaskClient client, CancellationToken cancellation)
    {
        if (await InstanceStart.TryAsync(client, RunJob.Name, job.InstanceId, job, alsoAfterCompletion: false, cancellation))
        {
            if (_seen.ContainsKey(job.InstanceId))
                LogRestart(job.InstanceId);
            return;
        }

        var instance = await client.GetInstanceAsync(job.InstanceId, getInputsAndOutputs: false, cancellation);
        if (instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } && !await attempts.RepeatMarkerAsync(job, cancellation))
        {
            // It ended without an outcome. Running it again is safe, because the rows decide what may be sent.
            LogRestart(job.InstanceId);
            await InstanceStart.TryAsync(client, RunJob.Name, job.InstanceId, job, alsoAfterCompletion: true, cancellation);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Instance {Instance} was gone although its job is active; it runs again.")]
    private partial void LogRestart(string instance);
}
