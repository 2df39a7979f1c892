using System.Collections.Immutable;

namespace ClipiaFlows.Production.Pacing;

/// <summary>
/// What one API key allows and what of it is in use. Pure: every method answers a new pace. Concurrency is held per
/// batch, by the number of its jobs that occupy a slot upstream; requests are spaced by the generic cell rate algorithm.
/// </summary>
/// <remarks>
/// The API counts requests in a sliding minute (clipia-api.md section 10). Spacing at 95 % of the limit with a burst of the
/// other 5 % can never pass it.
/// </remarks>
public sealed record KeyPace
{
    private const double SpacedShare = 0.95;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Generations at a time that the key is known to allow.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Requests a minute that the key is known to allow.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>The generation limit that was learned from a refusal; it rises by one a minute until it is forgotten.</summary>
    public int? ReducedConcurrency { get; init; }

    /// <summary>When that refusal came.</summary>
    public DateTimeOffset ReducedAt { get; init; }

    /// <summary>When the next request would be due if all were spaced evenly (GCRA's theoretical arrival time).</summary>
    public DateTimeOffset NextDue { get; init; }

    /// <summary>No request before this, because the API said so.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>What each batch holds and wants.</summary>
    public ImmutableSortedDictionary<string, SlotShare> Shares { get; init; } =
        ImmutableSortedDictionary.Create<string, SlotShare>(StringComparer.Ordinal);

    /// <summary>Takes a request's turn: the moment from which it may be sent.</summary>
    public (KeyPace Pace, DateTimeOffset Turn) TakeTurn(DateTimeOffset now)
    {
        var turn = TurnAt(now);
        return (this with { NextDue = (NextDue > turn ? NextDue : turn) + Spacing }, turn);
    }

    /// <summary>The turn that a request would get now, without taking it.</summary>
    public DateTimeOffset TurnAt(DateTimeOffset now)
    {
        var burst = Spacing * Math.Max(0, (int)(RequestsPerMinute * (1 - SpacedShare)) - 1);
        var turn = NextDue > now + burst ? NextDue - burst : now;
        return NotBefore > turn ? NotBefore : turn;
    }

    /// <summary>
    /// States how many slots a batch uses and asks for more. It gets what is free, but nothing that another batch is waiting
    /// for with a better claim: shares are weighted and max-min fair, and never taken away, only not renewed.
    /// </summary>
    public (KeyPace Pace, int Granted) Hold(string batch, int used, int wanted, double weight, DateTimeOffset now)
    {
        var stated = Fresh(now).SetItem(batch, new SlotShare(used, wanted, weight, now));
        var slots = ConcurrencyAt(now);
        var free = slots - stated.Values.Sum(share => share.Held);
        var fair = SlotShare.FairOf(stated, slots);
        var kept = stated.Where(other => other.Key != batch).Sum(other => other.Value.MissingTo(fair[other.Key]));
        var granted = Math.Clamp(Math.Max(Math.Min(free, stated[batch].MissingTo(fair[batch])), free - kept), 0, wanted);
        var after = used + wanted == 0
            ? stated.Remove(batch)
            : stated.SetItem(batch, new SlotShare(used + granted, wanted - granted, weight, now));
        return (this with { Shares = after }, granted);
    }

    /// <summary>The other batches that could claim now: they wait, and slots are free for them.</summary>
    public IReadOnlyList<string> MayClaim(string except, DateTimeOffset now)
    {
        var fresh = Fresh(now);
        var free = ConcurrencyAt(now) - fresh.Values.Sum(share => share.Held);
        return free <= 0 ? [] : [.. fresh.Where(share => share.Key != except && share.Value.Wanted > 0).Select(share => share.Key).Take(free)];
    }

    /// <summary>The API refused for lack of a slot: one fewer than are in use, for now.</summary>
    public KeyPace WithSlotRefused(DateTimeOffset now) =>
        this with { ReducedConcurrency = Math.Max(1, Math.Min(ConcurrencyAt(now), Fresh(now).Values.Sum(share => share.Held)) - 1), ReducedAt = now };

    /// <summary>The API refused for lack of requests, and said for how long.</summary>
    public KeyPace WithRequestsRefused(DateTimeOffset until) => this with { NotBefore = until > NotBefore ? until : NotBefore };

    /// <summary>The API said how many requests a minute the key has.</summary>
    public KeyPace WithRequestsPerMinute(int limit) => this with { RequestsPerMinute = Math.Max(1, limit) };

    // Every batch states its share at least once a minute; what is older belongs to one that is gone.
    private ImmutableSortedDictionary<string, SlotShare> Fresh(DateTimeOffset now) =>
        Shares.RemoveRange(Shares.Where(share => now - share.Value.At > SlotShare.GoodFor).Select(share => share.Key));

    private TimeSpan Spacing => Minute / (RequestsPerMinute * SpacedShare);

    private int ConcurrencyAt(DateTimeOffset now) => ReducedConcurrency is { } reduced
        ? Math.Min(Concurrency, reduced + (int)((now - ReducedAt) / Minute))
        : Concurrency;
}
