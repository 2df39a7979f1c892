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

    /// <summary>Slots upstream in use, by batch.</summary>
    public ImmutableSortedDictionary<string, int> Held { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

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
    /// States how many slots a batch uses and asks for more: the batch then holds what it uses and what it is granted.
    /// </summary>
    public (KeyPace Pace, int Granted) Hold(string batch, int used, int wanted, DateTimeOffset now)
    {
        var others = Held.Where(entry => entry.Key != batch).Sum(entry => entry.Value);
        var granted = Math.Clamp(ConcurrencyAt(now) - others - used, 0, wanted);
        var held = used + granted == 0 ? Held.Remove(batch) : Held.SetItem(batch, used + granted);
        return (this with { Held = held }, granted);
    }

    /// <summary>The API refused for lack of a slot: one fewer than are in use, for now.</summary>
    public KeyPace WithSlotRefused(DateTimeOffset now) =>
        this with { ReducedConcurrency = Math.Max(1, Math.Min(ConcurrencyAt(now), Held.Values.Sum()) - 1), ReducedAt = now };

    /// <summary>The API refused for lack of requests, and said for how long.</summary>
    public KeyPace WithRequestsRefused(DateTimeOffset until) => this with { NotBefore = until > NotBefore ? until : NotBefore };

    /// <summary>The API said how many requests a minute the key has.</summary>
    public KeyPace WithRequestsPerMinute(int limit) => this with { RequestsPerMinute = Math.Max(1, limit) };

    private TimeSpan Spacing => Minute / (RequestsPerMinute * SpacedShare);

    private int ConcurrencyAt(DateTimeOffset now) => ReducedConcurrency is { } reduced
        ? Math.Min(Concurrency, reduced + (int)((now - ReducedAt) / Minute))
        : Concurrency;
}
