namespace ClipiaFlows.Production;

/// <summary>When to ask for a result: first after the usual time, then ever more rarely.</summary>
public static class PollSchedule
{
    private const double Growth = 1.5;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ForTheDelivery = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The pause before poll number <paramref name="polls"/> + 1: between 3 seconds and 5 minutes. Where a delivery is
    /// expected, polling is the fallback and waits until nearly all generations of the model are over. A lost delivery
    /// keeps a slot from the next job, and a poll too many costs one request; so where deliveries get lost, polls come
    /// earlier and closer together.
    /// </summary>
    /// <param name="usual">How long such a generation takes.</param>
    /// <param name="polls">Polls made so far.</param>
    /// <param name="deliveries">What is to be expected of the webhook.</param>
    public static TimeSpan PauseAfter(UsualDuration usual, int polls, DeliveriesExpected deliveries)
    {
        var first = deliveries switch
        {
            DeliveriesExpected.None => usual.Mean,
            DeliveriesExpected.Some => usual.Mean + usual.Spread,
            _ => usual.Mean + (usual.Spread * 2.5) + ForTheDelivery,
        };
        // Half of the first, so that without deliveries 1.5 times the usual time sees the second poll.
        var next = deliveries is DeliveriesExpected.Some ? usual.Spread : first / 2;
        var pause = polls == 0 ? first : next * Math.Pow(Growth, Math.Min(polls - 1, 30));
        return pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
    }
}

/// <summary>What is to be expected of webhooks.</summary>
public enum DeliveriesExpected
{
    /// <summary>The submission names none.</summary>
    None,

    /// <summary>They come, but lately some did not.</summary>
    Some,

    /// <summary>They come.</summary>
    All,
}
