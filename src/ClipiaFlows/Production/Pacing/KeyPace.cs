namespace ClipiaFlows.Production.Pacing;

/// <summary>
/// What one API key allows and what of it is in use. Pure: every method answers a new pace. Slots are held per batch, one
/// for each of its jobs that generates upstream; requests are spaced by the generic cell rate algorithm.
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

    /// <summary>Which batches hold its slots, and which wait for one.</summary>
    public SlotLine Line { get; init; } = SlotLine.Empty;

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
    /// States how many slots a batch uses and asks for more. It gets those that are free and whose turn is its own; the others
    /// are kept for the batches whose turn they are.
    /// </summary>
    /// <returns>The slots granted, and the other batches whose turn has come by this statement.</returns>
    public (KeyPace Pace, int Granted, IReadOnlyList<string> Turns) Hold(string batch, SlotDemand demand, DateTimeOffset now)
    {
        var slots = ConcurrencyAt(now);
        var before = Line.Turns(slots, now);
        var line = Line.WithoutLapsed(now).State(batch, demand.Used, demand.Wanted, demand.Weight, demand.Asleep, now);
        var turns = line.Turns(slots, now);
        var granted = turns.Count(turn => turn == batch);
        for (var i = 0; i < granted; i++)
            line = line.Grant(batch, now);
        return (this with { Line = line }, granted, [.. turns.Distinct().Except(before).Where(turn => turn != batch)]);
    }

    /// <summary>A batch is gone, or does not take its turn: it wants no more slots. Those that it holds lapse if it is gone.</summary>
    /// <returns>The batches whose turn has come instead.</returns>
    public (KeyPace Pace, IReadOnlyList<string> Turns) Leave(string batch, DateTimeOffset now)
    {
        if (Line.Find(batch) is not { Wanted: > 0 } claim)
            return (this, []);
        var slots = ConcurrencyAt(now);
        var before = Line.Turns(slots, now);
        var line = Line.Leave(batch);
        return (this with { Line = line }, [.. line.Turns(slots, now).Distinct().Except(before)]);
    }

    /// <summary>The batches that wait for slots which are free, in the order of their turns.</summary>
    public IReadOnlyList<string> TurnsAt(DateTimeOffset now) =>
        [.. Line.WithoutLapsed(now).Turns(ConcurrencyAt(now), now).Distinct()];

    /// <summary>The API refused for lack of a slot: one fewer than are in use, for now.</summary>
    public KeyPace WithSlotRefused(DateTimeOffset now) =>
        this with { ReducedConcurrency = Math.Max(1, Math.Min(ConcurrencyAt(now), Line.WithoutLapsed(now).Held) - 1), ReducedAt = now };

    /// <summary>The API refused for lack of requests, and said for how long.</summary>
    public KeyPace WithRequestsRefused(DateTimeOffset until) => this with { NotBefore = until > NotBefore ? until : NotBefore };

    /// <summary>The API said how many requests a minute the key has.</summary>
    public KeyPace WithRequestsPerMinute(int limit) => this with { RequestsPerMinute = Math.Max(1, limit) };

    private TimeSpan Spacing => Minute / (RequestsPerMinute * SpacedShare);

    private int ConcurrencyAt(DateTimeOffset now) => ReducedConcurrency is { } reduced
        ? Math.Min(Concurrency, reduced + (int)((now - ReducedAt) / Minute))
        : Concurrency;
}
