namespace ClipiaFlows.Durable;

/// <summary>
/// Counts what a flow adds to its history, as Azure Storage holds it, so that it begins a fresh one before 250 events. What
/// arrives before the flow looks again comes on top, which is why a fresh one is due earlier.
/// </summary>
internal sealed class HistoryLength
{
    private const int Due = 200;

    // An activity and its answer, a timer, and the two turns that the answer and the end of the wait begin and complete.
    private const int Round = 8;

    // Each wake-up may have had a turn of its own.
    private const int WakeUp = 3;

    // Four more tries with a timer before each.
    private const int Accident = 32;

    private int _events;

    /// <summary>Whether it is time for a fresh history.</summary>
    public bool IsDue => _events >= Due;

    /// <summary>An activity ran, and something was waited for.</summary>
    public void AddRound() => _events += Round;

    /// <summary>An event came.</summary>
    public void AddWakeUp() => _events += WakeUp;

    /// <summary>An activity used up all tries of <see cref="RetryRules.Accidents"/>.</summary>
    public void AddAccident() => _events += Accident;
}
