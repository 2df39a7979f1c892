using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>Ends or holds a batch by its policy: the deadline, the failures that are borne, the sample to be approved.</summary>
public sealed class KeepPolicy(BatchCommit commit, TimeProvider time)
{
    /// <summary>Changes the batch's state when the policy says so.</summary>
    public async Task<StepResult> TryAsync(BatchSnapshot snapshot, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        if (Scheduler.Verdict(batch, time.GetUtcNow()) is not { } verdict)
            return StepResult.Nothing;
        (batch.State, batch.ReasonCode, batch.Reason) = (verdict.State, verdict.Code, verdict.Reason);
        return await commit.SaveAsync(snapshot, new RowChanges(), cancellation);
    }
}
