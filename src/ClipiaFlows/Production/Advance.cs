using ClipiaFlows.Durable;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Moves a batch on by what its rows say: settles what ended, tells dependents, claims what is ready, starts it.</summary>
/// <remarks>
/// May run more than once and beside itself: every step is one transaction under the batch row's ETag, and whoever loses
/// reads again. Throws only for accidents of storage. Nothing is paid here; a claim is written before its instance starts.
/// </remarks>
public sealed class Advance(
    Tables tables,
    SettleEnded settle,
    FollowUps followUps,
    GoOnAfterBlock goOn,
    ClaimReady claim,
    JobInstances instances)
{
    /// <summary>The durable name.</summary>
    public const string Name = "advance";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    // Enough for 200 settled jobs or 400 dependents; then a fresh activity goes on, so that no run takes long.
    private const int MostTransactions = 10;

    /// <summary>Takes the next steps and answers what the batch needs then.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, DurableTaskClient client, CancellationToken cancellation)
    {
        for (var transactions = 0; transactions < MostTransactions; transactions++)
        {
            if (await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation) is not { } batch)
                return BatchStep.Next(BatchStepKind.End);
            if (batch.State.IsTerminal())
                return BatchStep.Next(BatchStepKind.End);
            if (batch.State is BatchState.Planning)
                return BatchStep.Next(BatchStepKind.Plan);

            var progress = await TakeOneStepAsync(batch, client, cancellation);
            if (progress is StepResult.Nothing)
                return Rest(batch);
        }

        return BatchStep.Next(BatchStepKind.Advance);
    }

    private async Task<StepResult> TakeOneStepAsync(BatchRow batch, DurableTaskClient client, CancellationToken cancellation)
    {
        var active = await ActiveJobs.ReadAsync(tables, batch.PartitionKey, cancellation);
        if (await settle.TryAsync(batch, active, cancellation) is var settled and not StepResult.Nothing)
            return settled;
        if (await followUps.TryAsync(batch, cancellation) is var told and not StepResult.Nothing)
            return told;
        if (await goOn.TryAsync(batch, active, client, cancellation) is var resumed and not StepResult.Nothing)
            return resumed;
        if (await claim.TryAsync(batch, active, cancellation) is var claimed and not StepResult.Nothing)
            return claimed;

        await instances.StartAsync(batch, active, client, cancellation);
        return StepResult.Nothing;
    }

    private BatchStep Rest(BatchRow batch) => batch.AllJobsEnded
        ? BatchStep.Next(BatchStepKind.Finish)
        : BatchStep.WaitUntil(claim.LookAgainAt(batch));
}
