using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Observability;

/// <summary>
/// Tells once a minute where the batches stand that are not finished: as gauges, over all of them, and as a line of log for
/// each, which the workbook draws. Reads a row and a short range per batch, and nothing of those that sleep in line for a slot.
/// </summary>
public sealed partial class BatchProgress(Tables tables, KeyPacing pacing, TimeProvider time, ILogger<BatchProgress> log)
{
    private static readonly JobState[] NotEnded =
        [JobState.Waiting, JobState.Ready, JobState.Generating, JobState.Copying, JobState.Unresolved];

    /// <summary>Reads and tells. Throws for accidents of storage; the next minute tells again.</summary>
    public async Task TellAsync(CancellationToken cancellation)
    {
        var batches = new List<BatchRow>();
        var oldest = TimeSpan.Zero;
        var (line, _) = await pacing.LineAsync(cancellation);
        var asleep = new List<SleepingJobs>();
        await foreach (var entry in tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.Active, "", "~", null, cancellation))
        {
            // Nothing of it has changed since it fell asleep.
            if (line.Find(entry.Batch) is { IsInLine: true, Asleep: { } jobs })
            {
                asleep.Add(jobs);
                continue;
            }

            if (await tables.Jobs.FindAsync<BatchRow>(entry.Batch, BatchRow.Key, cancellation) is not { } batch)
                continue;
            batches.Add(batch);
            Tell(batch);
            foreach (var job in (await ActiveJobs.ReadAsync(tables, entry.Batch, cancellation)).All)
                oldest = Longest(oldest, time.GetUtcNow() - job.ClaimedAt);
        }

        FlowsTelemetry.Batches.Record(batches.Count + asleep.Count);
        FlowsTelemetry.OldestAge.Record(oldest.TotalSeconds);
        FlowsTelemetry.Reserved.Record((double)batches.Sum(batch => batch.Reserved));
        FlowsTelemetry.BudgetUsed.Record(batches.Count == 0 ? 0 : batches.Max(BudgetUsed));
        foreach (var state in NotEnded)
            FlowsTelemetry.Jobs.Record(batches.Sum(batch => Count(batch, state)) + asleep.Sum(jobs => Count(jobs, state)), FlowsTelemetry.Tag("clipiaflows.state", state.ToString()));
    }

    /// <summary>The line of one batch, also for its end.</summary>
    public void Tell(BatchRow batch) => LogProgress(
        batch.PartitionKey, batch.State, batch.ReasonCode, batch.Total, batch.Succeeded,
        batch.Failed + batch.Canceled + batch.Skipped, batch.UnderWay, batch.Unresolved,
        batch.Charged, batch.Reserved, batch.Estimated);

    private static double BudgetUsed(BatchRow batch) => batch.Budget is > 0 and var budget ? (double)(batch.Bound / budget) : 0;

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static int Count(BatchRow batch, JobState state) => state switch
    {
        JobState.Waiting => batch.Waiting,
        JobState.Ready => batch.Ready,
        JobState.Generating => batch.Generating,
        JobState.Copying => batch.Copying + batch.RetryingCopy,
        _ => batch.Unresolved,
    };

    private static int Count(SleepingJobs jobs, JobState state) => state switch
    {
        JobState.Waiting => jobs.Waiting,
        JobState.Ready => jobs.Ready,
        JobState.Unresolved => jobs.Unresolved,
        _ => 0,
    };

    [LoggerMessage(1, LogLevel.Information,
        "Batch {Batch} is {State} ({Reason}): of {Total} jobs {Succeeded} succeeded, {Failed} failed, {Active} are active, {Unresolved} unresolved; credits {Spent} spent, {Reserved} reserved, {Estimated} estimated.")]
    private partial void LogProgress(
        string batch, BatchState state, string? reason, int total, int succeeded, int failed, int active, int unresolved,
        decimal spent, decimal reserved, decimal estimated);
}
