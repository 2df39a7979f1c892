using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>What one marker changes. At most one of claim and tail is there.</summary>
internal sealed class Settlement(
    BatchRow batch, MarkerRow marker, ActiveRow? claim, TailRow? tail, JobRow? job, BatchCommit commit, DateTimeOffset now)
{
    public MarkerRow Marker => marker;

    /// <summary>How the attempt has ended by it and what that was charged; <c>null</c> when it has not, or had already.</summary>
    public (JobState State, decimal Charged)? Outcome { get; private set; }

    private decimal Charged => CreditColumn.Read(marker.ChargedCredits);

    private decimal Cost => CreditColumn.Read(marker.CostCredits);

    public void Apply(RowChanges changes)
    {
        switch (marker.Kind)
        {
            case MarkerKind.Copying when claim is { Copying: false }:
                Release(claim, job, changes);
                break;
            case MarkerKind.RetryingCopy when claim is { IsRetryingCopy: false }:
                RetryCopy(claim, job, changes);
                break;
            case MarkerKind.Blocked when claim is not null:
                Block(claim, job, changes);
                break;
            case MarkerKind.Returned when claim is { Copying: false }:
                Return(claim, job!, changes);
                break;
            case MarkerKind.Repriced when claim is not null:
                Reprice(claim, job!, changes);
                break;
            case MarkerKind.Repriced when tail is not null:
                Reprice(tail, changes);
                break;
            case MarkerKind.Overdue when claim is not null:
                Leave(claim, job!, changes);
                break;
            case MarkerKind.Done when claim is not null:
                End(claim, job!, changes);
                break;
            case MarkerKind.Revived when tail is { IsLive: false }:
                Await(tail, changes);
                break;
            case MarkerKind.Done when tail is not null:
                EndTail(tail, job!, changes);
                break;
        }
    }

    /// <summary>Whether the claim is reserved at another price than the marker tells.</summary>
    public static bool IsRepriced(MarkerRow marker, ActiveRow? claim) =>
        claim is { Copying: false } && marker.Kind is MarkerKind.Copying or MarkerKind.RetryingCopy or MarkerKind.Overdue or MarkerKind.Blocked
        && CreditColumn.Read(marker.ChargedCredits) is > 0 and var cost && cost != CreditColumn.Read(claim.EstimateCredits);

    private void Release(ActiveRow active, JobRow? repriced, RowChanges changes)
    {
        if (repriced is not null)
            TakePrice(active, repriced);
        batch.Count(active, -1);
        active.Copying = true;
        batch.Count(active, +1);
        changes.Replace(active);
        commit.Tell(batch, changes, active, JobState.Copying);
    }

    /// <summary>Nothing waits for its next try. It may have replaced the marker that the slot upstream is free.</summary>
    private void RetryCopy(ActiveRow active, JobRow? repriced, RowChanges changes)
    {
        if (repriced is not null)
            TakePrice(active, repriced);
        if (!active.Copying)
            commit.Tell(batch, changes, active, JobState.Copying);
        batch.Count(active, -1);
        (active.Copying, active.IsRetryingCopy) = (true, true);
        batch.Count(active, +1);
        changes.Replace(active);
    }

    private void Block(ActiveRow active, JobRow? repriced, RowChanges changes)
    {
        if (batch.State is BatchState.Running)
            batch.PauseFor(marker.Code!, marker.Message);
        if (repriced is not null)
            Reprice(active, repriced, changes);
    }

    private void Return(ActiveRow active, JobRow returned, RowChanges changes)
    {
        changes.Delete(active);
        batch.Count(JobState.Generating, -1);
        batch.Reserved -= CreditColumn.Read(active.EstimateCredits);
        Requeue(returned, changes);
    }

    private void Reprice(ActiveRow active, JobRow accepted, RowChanges changes)
    {
        TakePrice(active, accepted);
        changes.Replace(active);
    }

    private void Reprice(TailRow left, RowChanges changes)
    {
        batch.Committed += Charged - CreditColumn.Read(left.EstimateCredits);
        left.EstimateCredits = marker.ChargedCredits;
        changes.Replace(left);
    }

    private void TakePrice(ActiveRow active, JobRow accepted)
    {
        batch.Reserved += Charged - CreditColumn.Read(active.EstimateCredits);
        active.EstimateCredits = marker.ChargedCredits;
        ChargedPrices.PauseForNews(batch, accepted, Charged);
    }

    /// <summary>The batch waits no longer for an overdue job; its credits stay committed.</summary>
    private void Leave(ActiveRow active, JobRow overdue, RowChanges changes)
    {
        if (IsRepriced(marker, active))
            TakePrice(active, overdue);
        GiveUp(active, TailRow.Of(active, isLive: true, now), changes);
        Outcome = (JobState.Unresolved, 0);
        overdue.Code = marker.Code;
        overdue.Message = marker.Message;
        Finish(overdue, JobState.Unresolved, changes);
    }

    private void End(ActiveRow active, JobRow ended, RowChanges changes)
    {
        var estimate = CreditColumn.Read(active.EstimateCredits);
        Outcome = (marker.State, Charged);
        ended.Code = marker.Code;
        ended.Message = marker.Message;
        if (marker.State is JobState.Unresolved)
        {
            GiveUp(active, TailRow.Of(active, isLive: false, now), changes);
            Finish(ended, JobState.Unresolved, changes);
            return;
        }

        changes.Delete(active);
        batch.Count(active, -1);
        batch.Reserved -= estimate;
        Charge(ended);
        if (marker.IsReused)
            batch.Saved += estimate;
        if (Charged > 0)
            ChargedPrices.PauseForNews(batch, ended, Charged);
        if (marker.FailedUpstream && ended.Attempt <= batch.Retries && batch.State is BatchState.Running or BatchState.Paused)
            TryAgain(ended, changes);
        else
            Finish(ended, marker.State, changes);
    }

    /// <summary>The batch stays awake, and is looked after, until it is known what came of it.</summary>
    private void Await(TailRow revived, RowChanges changes)
    {
        revived.IsLive = true;
        batch.LiveTails++;
        changes.Replace(revived);
    }

    /// <summary>It was paid for, or it was not: now it is known, whatever has become of the job and the batch meanwhile.</summary>
    private void EndTail(TailRow left, JobRow known, RowChanges changes)
    {
        batch.LiveTails -= left.IsLive ? 1 : 0;
        if (marker.State is JobState.Unresolved)
        {
            left.IsLive = false;
            changes.Replace(left);
            return;
        }

        Outcome = (marker.State, Charged);
        changes.Delete(left);
        batch.Committed -= CreditColumn.Read(left.EstimateCredits);
        Charge(known);
        if (known.State is JobState.Unresolved && known.Attempt == marker.Attempt)
        {
            batch.Count(known.State, -1);
            known.State = marker.State;
            known.Code = marker.Code;
            known.Message = marker.Message;
            known.FinishedAt = now;
            batch.Count(known.State, +1);
            commit.Tell(batch, changes, known, Charged);
        }

        changes.Replace(known);
    }

    private void Charge(JobRow charged)
    {
        batch.Charged += Charged;
        charged.Charged += Charged;
        batch.Refunded += Charged == 0 ? Cost : 0;
    }

    private void GiveUp(ActiveRow active, TailRow left, RowChanges changes)
    {
        var estimate = CreditColumn.Read(active.EstimateCredits);
        changes.Delete(active);
        changes.Put(left);
        batch.Count(active, -1);
        batch.Reserved -= estimate;
        batch.Committed += estimate;
        batch.LiveTails += left.IsLive ? 1 : 0;
    }

    private void TryAgain(JobRow failed, RowChanges changes)
    {
        failed.Attempt++;
        Requeue(failed, changes);
    }

    /// <summary>Into the ready queue again, and into the sample, if the job belonged to it.</summary>
    private void Requeue(JobRow again, RowChanges changes)
    {
        again.State = JobState.Ready;
        again.ReadyAt = now;
        // While the batch is cancelled, those before it have been looked at.
        batch.CancelNext = Math.Min(batch.CancelNext, again.N);
        changes.Add(ReadyRow.Of(again));
        batch.SampleLeft += 1;
        batch.Count(JobState.Ready, +1);
        changes.Replace(again);
        commit.Tell(batch, changes, again);
    }

    private void Finish(JobRow ended, JobState state, RowChanges changes)
    {
        ended.State = state;
        ended.FinishedAt = now;
        if (ended.Dependents > 0)
            changes.Put(FollowUpRow.Of(ended));
        batch.Count(state, +1);
        changes.Replace(ended);
        commit.Tell(batch, changes, ended, Outcome?.Charged);
    }
}
