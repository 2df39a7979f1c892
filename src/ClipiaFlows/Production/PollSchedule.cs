namespace ClipiaFlows.Production;

/// <summary>When to ask for a result: first after the usual time, then ever more rarely.</summary>
public static class PollSchedule
{
    private const double Growth = 1.5;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The pause before poll number <paramref name="polls"/> + 1: between 3 seconds and 5 minutes. Where a delivery is
    /// expected, polling is the fallback and leaves it half as much again as the usual time and five seconds: a lost delivery
    /// keeps a slot from the next job, and a poll too many costs one request.
    /// </summary>
    /// <param name="usual">How long such a generation usually takes.</param>
    /// <param name="polls">Polls made so far.</param>
    /// <param name="deliveryExpected">Whether the submission names a webhook.</param>
    public static TimeSpan PauseAfter(TimeSpan usual, int polls, bool deliveryExpected)
    {
        var first = deliveryExpected ? (usual * 1.5) + TimeSpan.FromSeconds(5) : usual;
        // The pauses after the first count from half of it, so that 1.5 times the usual time sees the second poll.
        var pause = polls == 0 ? first : first / 2 * Math.Pow(Growth, Math.Min(polls - 1, 30));
        return pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
    }
}
