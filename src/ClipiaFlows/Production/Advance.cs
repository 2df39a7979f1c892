using ClipiaFlows.Durable;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Moves a batch on by what its rows say: obeys commands, settles what ended, tells dependents, claims what is ready, starts it.</summary>
/// <remarks>
/// May run more than once and beside itself: every step is one transaction under the batch row's ETag, and whoever loses
/// reads again. Throws only for accidents of storage. Nothing is paid here; a claim is written before its instance starts.
/// </remarks>
public sealed class Advance(
    Tables tables,
    ObeyCommands obey,
    SettleEnded settle,
    FollowUps followUps,
    RetryEnded retry,
    CancelRest cancel,
    KeepPolicy policy,
    GoOnAfterBlock goOn,
    ClaimReady claim,
    JobInstances instances,
    TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "advance";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    // Then a fresh activity goes on, so that no run takes long.
    private const int MostTransactions = 10;

    private static readonly TimeSpan ForTails = TimeSpan.FromMinutes(5);

    /// <summary>Takes the next steps and answers what the batch needs then.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, DurableTaskClient client, CancellationToken cancellation)
    {
        var events = new EventCount();
        var step = await TakeStepsAsync(input.Batch, events, client, cancellation);
        if (events.HasGrown)
            await OutboxInstances.WakeAsync(input.Batch, client, cancellation);
        return step;
    }

    private async Task<BatchStep> TakeStepsAsync(
        string id, EventCount events, DurableTaskClient client, CancellationToken cancellation)
    {
        var open = new OpenQuestions();
        for (var transactions = 0; transactions < MostTransactions; transactions++)
        {
            var reading = ActiveJobs.ReadAsync(tables, id, cancellation);
            if (await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation) is not { } batch)
                return BatchStep.Next(BatchStepKind.End);
            var active = await reading;
            batch.StateAsRead = batch.State;
            events.See(batch);
            if (batch.State is BatchState.Deleting)
                return BatchStep.Next(BatchStepKind.Delete);
            if (open.Commands && await obey.TryAsync(batch, active, client, cancellation) is not StepResult.Nothing)
                continue;
            open.Commands = false;
            if (batch.Seeded < batch.Total || batch.State is BatchState.Planning)
                return BatchStep.Next(BatchStepKind.Plan);
            if (open.Markers && await settle.TryAsync(batch, active, cancellation) is not StepResult.Nothing)
                continue;
            open.Markers = false;
            if (batch.State.IsTerminal())
                return AfterTheEnd(batch);

            var (progress, later) = await TakeOneStepAsync(batch, active, open, client, cancellation);
            if (progress is StepResult.Nothing)
                return Rest(batch, later);
        }

        return BatchStep.Next(BatchStepKind.Advance);
    }

    private async Task<(StepResult Progress, DateTimeOffset? Later)> TakeOneStepAsync(
        BatchRow batch, ActiveJobs active, OpenQuestions open, DurableTaskClient client, CancellationToken cancellation)
    {
        // A retry counts what its jobs need, and must not overlook one that has ended and whose dependents are not told.
        if ((open.FollowUps || batch.IsRetrying) && await followUps.TryAsync(batch, cancellation) is var told and not StepResult.Nothing)
            return (told, null);
        open.FollowUps = false;
        var (retried, later) = await retry.TryAsync(batch, cancellation);
        if (retried is not StepResult.Nothing)
        {
            open.FollowUps = true;
            return (retried, null);
        }

        if (await cancel.TryAsync(batch, active, cancellation) is var canceled and not StepResult.Nothing)
            return (canceled, null);
        if (await policy.TryAsync(batch, cancellation) is var ruled and not StepResult.Nothing)
            return (ruled, null);
        if (await goOn.TryAsync(batch, active, client, cancellation) is var resumed and not StepResult.Nothing)
            return (resumed, null);
        var (claimed, claims) = await claim.TryAsync(batch, client, cancellation);
        await instances.StartAsync(batch, claimed is StepResult.Nothing ? active.All : claims, client, cancellation);
        return (claimed, later);
    }

    private BatchStep Rest(BatchRow batch, DateTimeOffset? later)
    {
        if (batch.AllJobsEnded && !batch.IsRetrying)
            return BatchStep.Next(BatchStepKind.Finish);
        var usual = claim.LookAgainAt(batch);
        return BatchStep.WaitUntil(later < usual ? later.Value : usual);
    }

    /// <summary>Generations that the batch does not wait for are still settled, and the receipt then says so.</summary>
    private BatchStep AfterTheEnd(BatchRow batch)
    {
        if (batch.IsReceiptDue)
            return BatchStep.Next(BatchStepKind.Finish);
        return batch.LiveTails > 0 ? BatchStep.WaitUntil(time.GetUtcNow() + ForTails) : BatchStep.Next(BatchStepKind.End);
    }

    /// <summary>
    /// What a run still has to look for. What is written meanwhile wakes the batch again, so that each is answered once a run.
    /// </summary>
    private sealed class OpenQuestions
    {
        public bool Commands { get; set; } = true;

        public bool Markers { get; set; } = true;

        public bool FollowUps { get; set; } = true;
    }

    /// <summary>Whether the steps have left events for others.</summary>
    private sealed class EventCount
    {
        private long? _first;
        private BatchRow? _last;

        public bool HasGrown => _last?.Events > _first;

        public void See(BatchRow batch)
        {
            _first ??= batch.Events;
            _last = batch;
        }
    }
}
