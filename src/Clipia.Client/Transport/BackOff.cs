namespace Clipia;

internal static class BackOff
{
    private static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Full jitter under a ceiling of 1, 2, 4, … 30 s: own because Polly's jitter keeps a lower bound, so that clients that
    /// failed together come back together. What the server asks for goes before, up to two minutes.
    /// </summary>
    public static TimeSpan Pause(int failedBefore, TimeSpan? asked)
    {
        if (asked is { } wanted)
            return wanted < LongestAsked ? wanted : LongestAsked;

        var ceiling = Math.Min(30, 1 << Math.Min(failedBefore, 5));
        return TimeSpan.FromSeconds(Random.Shared.NextDouble() * ceiling);
    }
}
