using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>Ends or holds a batch by its policy: the deadline, the failures that are borne, the sample to be approved.</summary>
public sealed class KeepPolicy(Tables tables, TimeProvider time)
{
    /// <summary>Changes the batch's state when the policy says so.</summary>
    public async Task<StepResult> TryAsync(BatchRow batch, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Scheduler.Verdict(batch, now) is not { } verdict)
            return StepResult.Nothing;
        (batch.State, batch.ReasonCode, batch.Reason) = (verdict.State, verdict.Code, verdict.Reason);
        batch.UpdatedAt = now;
        return await tables.Jobs.CommitAsync(RowChanges.Replacing(batch), cancellation) ? StepResult.Done : StepResult.Conflict;
    }
}
