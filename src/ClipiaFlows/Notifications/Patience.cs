namespace ClipiaFlows.Notifications;

/// <summary>How long to leave alone somebody who did not take an event.</summary>
public static class Patience
{
    private const int FirstSeconds = 5;
    private const double Growth = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    /// <summary>5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then every 3 h; longer where the receiver asks for it, up to 3 h.</summary>
    /// <param name="tries">Tries that failed, from 1.</param>
    /// <param name="asked">What the receiver asks for.</param>
    public static TimeSpan After(int tries, TimeSpan? asked)
    {
        var pause = TimeSpan.FromSeconds(FirstSeconds * Math.Pow(Growth, Math.Min(tries - 1, 10)));
        pause = asked > pause ? asked.Value : pause;
        return pause < Longest ? pause : Longest;
    }
}
