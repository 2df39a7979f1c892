namespace ClipiaFlows.Production.Pacing;

/// <summary>What one batch holds of a key's slots, what it wants besides, and its place in line.</summary>
/// <param name="Held">Slots that it holds.</param>
/// <param name="Wanted">Slots that it could use now and has not got.</param>
/// <param name="Weight">How much it counts among others, above 0; 1 is usual.</param>
/// <param name="Since">The line's virtual time when it began to wait for its next slot.</param>
/// <param name="Arrival">Which arrival in the line this is: who came earlier goes first among equals.</param>
/// <param name="At">When it last said what it holds, or when it began to wait without holding any.</param>
/// <param name="Asleep">How the batch sleeps while it waits in line, because it has nothing else to do; <c>null</c> when it is awake.</param>
public sealed record SlotClaim(
    int Held, int Wanted, double Weight, double Since, long Arrival, DateTimeOffset At, SleepingJobs? Asleep = null)
{
    /// <summary>How long a statement of slots held counts. Batches that hold any state it every minute.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    /// <summary>The line's virtual time when it is due for its next slot.</summary>
    public double Due => Since + (1 / Weight);

    /// <summary>Whether it waits and holds nothing. Such a claim does not lapse.</summary>
    public bool IsInLine => Held == 0 && Wanted > 0;
}
