namespace ClipiaFlows.Production;

/// <summary>What the states of a batch mean for others.</summary>
public static class BatchStates
{
    /// <summary>Whether nothing will change any more.</summary>
    public static bool IsTerminal(this BatchState state) =>
        state is BatchState.Completed or BatchState.CompletedWithFailures or BatchState.Canceled or BatchState.Failed;
}
