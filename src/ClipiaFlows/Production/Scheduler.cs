using System.Globalization;
using Clipia;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production;

/// <summary>What the scheduler decides by.</summary>
/// <param name="State">The batch's state.</param>
/// <param name="Generating">Its jobs that hold a slot upstream.</param>
/// <param name="Copying">Its jobs that are storing outputs.</param>
/// <param name="Ready">Its jobs in the ready queue.</param>
/// <param name="MaxConcurrency">Its policy's limit on <paramref name="Generating"/>.</param>
/// <param name="SampleLeft">Jobs of the sample that may still be claimed; <c>null</c> when there is no sample to wait for.</param>
/// <param name="IsRetrying">Whether a retry is being priced; nothing is claimed meanwhile.</param>
public readonly record struct SchedulerView(
    BatchState State, int Generating, int Copying, int Ready, int MaxConcurrency, int? SampleLeft = null, bool IsRetrying = false)
{
    /// <summary>The view of a batch.</summary>
    public static SchedulerView Of(BatchRow batch) => new(
        batch.State, batch.Generating, batch.Copying, batch.Ready, batch.MaxConcurrency, batch.SampleLeft, batch.IsRetrying);
}

/// <summary>What the policy says of a batch.</summary>
/// <param name="State">The state that it must have.</param>
/// <param name="Code">Why, for programs; <c>null</c> when it is no trouble.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record Verdict(BatchState State, string? Code, string Reason);

/// <summary>Decides how many jobs to claim and when to look again. Pure: state in, decision out.</summary>
public static class Scheduler
{
    /// <summary>Jobs of a batch that store outputs at a time at most; when copies fall behind, nothing new is bought.</summary>
    public const int MostCopies = 20;

    /// <summary>Claims in one transaction: four changes each.</summary>
    public const int MostClaims = 22;

    private static readonly TimeSpan WithoutNews = TimeSpan.FromMinutes(1);

    /// <summary>How many ready jobs should be claimed, if the API key and the budget allow.</summary>
    public static int Wanted(SchedulerView view)
    {
        if (view.State is not BatchState.Running || view.Copying >= MostCopies || view.IsRetrying)
            return 0;
        var free = Math.Max(0, view.MaxConcurrency - view.Generating);
        return Math.Min(Math.Min(free, view.Ready), Math.Min(view.SampleLeft ?? MostClaims, MostClaims));
    }

    /// <summary>What the batch's policy ends or holds now; <c>null</c> when it goes on as it is.</summary>
    public static Verdict? Verdict(BatchRow batch, DateTimeOffset now)
    {
        var unclaimed = batch.Waiting + batch.Ready;
        if (unclaimed == 0)
            return null;
        if (batch.DeadlineAt <= now && batch.State is BatchState.Running or BatchState.Paused or BatchState.AwaitingApproval)
            return new(BatchState.Canceling, PauseReasons.Deadline, Invariant($"The deadline {batch.DeadlineAt:u} has passed."));
        if (batch.State is not BatchState.Running || batch.IsRetrying)
            return null;
        if (batch.Failed > batch.ToleratedFailures)
            return new(BatchState.Canceling, PauseReasons.Failures, Invariant($"{batch.Failed} {(batch.Failed == 1 ? "job has" : "jobs have")} failed; the policy bears {batch.ToleratedFailures}."));
        if (batch.SampleLeft is { } left && (left <= 0 || batch.Ready == 0) && batch.UnderWay == 0)
            return new(BatchState.AwaitingApproval, null, Invariant($"The sample is done: look at its outputs, then approve or reject the other {(unclaimed == 1 ? "job" : $"{unclaimed} jobs")}."));
        return null;
    }

    /// <summary>What happens when the cheapest ready job does not fit and nothing is under way that could give credits back.</summary>
    public static Verdict BudgetUsedUp(BatchRow batch, decimal cheapest) => new(
        batch.OnBudget is Manifests.OnBudget.Pause ? BatchState.Paused : BatchState.Canceling,
        PauseReasons.Budget,
        Invariant($"{batch.Budget - batch.Bound} of {batch.Budget} credits of the budget are left; the cheapest ready job costs {cheapest}."));

    /// <summary>
    /// When to look again if nothing wakes the batch before; <c>null</c> for never. Its own jobs wake it as they end, and whoever
    /// frees the slot that is its turn; the rest is for what gets lost. A batch that has nothing under way and waits in line, or
    /// for a person, sleeps until its deadline.
    /// </summary>
    public static DateTimeOffset? LookAgainAt(BatchRow batch, bool isInLine, DateTimeOffset now)
    {
        DateTimeOffset? usual = HasNothingUnderWay(batch) && (isInLine || WaitsForPerson(batch)) ? null : now + WithoutNews;
        return batch.DeadlineAt is { } deadline && deadline > now && !(deadline > usual) ? deadline : usual;
    }

    /// <summary>Whether only a person's command lets the batch go on. Of credits and keys the account is asked each minute.</summary>
    public static bool WaitsForPerson(BatchRow batch) =>
        batch.State is BatchState.AwaitingApproval
        || (batch.State is BatchState.Paused && batch.ReasonCode is not (ClipiaErrorCodes.InsufficientCredits or ClipiaErrorCodes.InvalidApiKey));

    /// <summary>Whether nothing of the batch is claimed or may still be charged, so that no news of its own can come.</summary>
    public static bool HasNothingUnderWay(BatchRow batch) => batch is { UnderWay: 0, LiveTails: 0 };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
