namespace ClipiaFlows.Production;

/// <summary>What the scheduler decides by.</summary>
/// <param name="State">The batch's state.</param>
/// <param name="Generating">Its jobs that hold a slot upstream.</param>
/// <param name="Copying">Its jobs that are storing outputs.</param>
/// <param name="Ready">Its jobs in the ready queue.</param>
/// <param name="MaxConcurrency">Its policy's limit on <paramref name="Generating"/>.</param>
public readonly record struct SchedulerView(BatchState State, int Generating, int Copying, int Ready, int MaxConcurrency);

/// <summary>Decides how many jobs to claim and when to look again. Pure: state in, decision out.</summary>
public static class Scheduler
{
    /// <summary>Jobs of a batch that store outputs at a time at most; when copies fall behind, nothing new is bought.</summary>
    public const int MostCopies = 20;

    /// <summary>Claims in one transaction: three changes each.</summary>
    public const int MostClaims = 25;

    private static readonly TimeSpan WhileOthersHoldTheKey = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WithoutNews = TimeSpan.FromMinutes(1);

    /// <summary>How many ready jobs should be claimed, if the API key allows.</summary>
    public static int Wanted(SchedulerView view)
    {
        if (view.State is not BatchState.Running || view.Copying >= MostCopies)
            return 0;
        var free = Math.Max(0, view.MaxConcurrency - view.Generating);
        return Math.Min(Math.Min(free, view.Ready), MostClaims);
    }

    /// <summary>
    /// When to look again if nothing wakes the batch before. Its own jobs wake it as they end; slots that other batches give
    /// back do not.
    /// </summary>
    public static DateTimeOffset LookAgainAt(SchedulerView view, bool othersHoldSlots, DateTimeOffset now) =>
        now + (othersHoldSlots && Wanted(view) > 0 ? WhileOthersHoldTheKey : WithoutNews);
}
