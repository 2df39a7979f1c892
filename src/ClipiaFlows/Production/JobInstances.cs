using System.Collections.Concurrent;
using ClipiaFlows.Durable;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Production;

/// <summary>
/// Sees to it that every claimed job has a running instance. What this process has started it remembers; after a restart it
/// starts everything again, and the instance ids make that harmless.
/// </summary>
public sealed partial class JobInstances(AttemptStore attempts, TimeProvider time, ILogger<JobInstances> log)
{
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMinutes(1);

    // An instance is started again only from Failed or Terminated; anything else means that it does or did its work.
    private static readonly OrchestrationRuntimeStatus[] LeftAlone =
    [
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Completed,
    ];

    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <summary>Starts the instances of claimed jobs that are not known to run. May be repeated.</summary>
    public Task StartAsync(BatchRow batch, ActiveJobs active, DurableTaskClient client, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var unknown = active.All.Select(claim => JobOf(batch, claim)).Where(job => !IsKnown(job, now));
        var limits = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        return Parallel.ForEachAsync(unknown, limits, async (job, cancel) =>
        {
            await EnsureAsync(job, client, cancel);
            _seen[job.InstanceId] = now;
        });
    }

    /// <summary>A settled attempt needs no instance any more.</summary>
    public void Forget(string batch, int n, int attempt) => _seen.TryRemove(InstanceIds.ForJob(batch, n, attempt), out _);

    private bool IsKnown(JobAttempt job, DateTimeOffset now) =>
        _seen.TryGetValue(job.InstanceId, out var at) && now - at < BetweenChecks;

    private async Task EnsureAsync(JobAttempt job, DurableTaskClient client, CancellationToken cancellation)
    {
        var firstTime = !_seen.ContainsKey(job.InstanceId);
        if (firstTime && await TryStartAsync(job, client, cancellation))
            return;

        var instance = await client.GetInstanceAsync(job.InstanceId, getInputsAndOutputs: false, cancellation);
        if (instance is null or { RuntimeStatus: OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated })
        {
            LogRestart(job.InstanceId, instance?.RuntimeStatus.ToString() ?? "missing");
            await TryStartAsync(job, client, cancellation);
        }
        else if (instance.RuntimeStatus is OrchestrationRuntimeStatus.Completed)
        {
            await attempts.RepeatMarkerAsync(job, cancellation);
        }
    }

    private static async Task<bool> TryStartAsync(JobAttempt job, DurableTaskClient client, CancellationToken cancellation)
    {
        var options = new StartOrchestrationOptions(job.InstanceId).WithDedupeStatuses(LeftAlone);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(RunJob.Name, job, options, cancellation);
            return true;
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            // Which exception says "exists already" depends on the backend; whether it exists does not.
            if (await client.GetInstanceAsync(job.InstanceId, getInputsAndOutputs: false, cancellation) is null)
                throw;
            return false;
        }
    }

    private static JobAttempt JobOf(BatchRow batch, ActiveRow claim) => new()
    {
        Batch = batch.PartitionKey,
        N = claim.N,
        Attempt = claim.Attempt,
        Seed = batch.Seed,
        PlanOffset = claim.PlanOffset,
        PlanLength = claim.PlanLength,
        NotBefore = claim.NotBefore.UtcDateTime,
    };

    [LoggerMessage(1, LogLevel.Warning, "Instance {Instance} is {Status} although its job is active; starting it again.")]
    private partial void LogRestart(string instance, string status);
}
