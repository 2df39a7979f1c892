using System.Collections.Immutable;

namespace ClipiaFlows.Production.Pacing;

/// <summary>
/// Who holds the slots of an API key, who waits for one, and whose turn it is. Pure: every method answers a new line.
/// </summary>
/// <remarks>
/// Shares are weighted and max-min fair, and never taken away, only not renewed. A free slot goes to a batch that holds less
/// than its share rounded up. Among those the order is that of fair queueing: virtual time is the service that a batch of
/// weight 1 that always waits has got, so each slot given moves it on by 1 ÷ the weights of all that want one. A batch that
/// begins to wait for its next slot is due 1 ÷ its weight later, and who is due first goes first. So batches of equal weight
/// take turns in the order in which they began to wait, whatever their sizes. When every batch that waits has its share, the
/// least served takes the slot, so that none is idle.
/// </remarks>
public sealed class SlotLine
{
    // So that thirds of nine are three and not a little more.
    private const double Rounding = 1e-9;

    // Of one statement: a transaction takes 100 rows.
    private const int MostLapses = 90;

    /// <summary>Nobody holds or waits.</summary>
    public static readonly SlotLine Empty = new();

    private readonly ImmutableDictionary<string, SlotClaim> _claims = ImmutableDictionary.Create<string, SlotClaim>(StringComparer.Ordinal);

    private readonly ImmutableSortedDictionary<string, SlotClaim> _holders = ImmutableSortedDictionary.Create<string, SlotClaim>(StringComparer.Ordinal);

    private readonly ImmutableSortedSet<Place> _waiting = [];

    private readonly ImmutableHashSet<string> _changed = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    private SlotLine()
    {
    }

    private SlotLine(
        SlotLine before, ImmutableDictionary<string, SlotClaim> claims, ImmutableSortedDictionary<string, SlotClaim> holders,
        ImmutableSortedSet<Place> waiting, ImmutableHashSet<string> changed)
    {
        (_claims, _holders, _waiting, _changed) = (claims, holders, waiting, changed);
        (Held, Weight, WantingWeight) = (before.Held, before.Weight, before.WantingWeight);
        (VirtualTime, Arrivals) = (before.VirtualTime, before.Arrivals);
    }

    /// <summary>Slots held by all batches together.</summary>
    public int Held { get; private init; }

    /// <summary>How much service a batch of weight 1 that always waited would have got so far, in slots given.</summary>
    public double VirtualTime { get; private init; }

    /// <summary>Arrivals so far.</summary>
    public long Arrivals { get; private init; }

    /// <summary>The batches that hold slots.</summary>
    public IReadOnlyDictionary<string, SlotClaim> Holders => _holders;

    /// <summary>How many batches wait and hold nothing.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The batches whose claims differ from what is stored.</summary>
    public IReadOnlyCollection<string> Changed => _changed;

    private double Weight { get; init; }

    private double WantingWeight { get; init; }

    /// <summary>The line as it is stored.</summary>
    public static SlotLine Of(IEnumerable<KeyValuePair<string, SlotClaim>> claims, double virtualTime, long arrivals)
    {
        var line = Empty.At(virtualTime, arrivals);
        foreach (var (batch, claim) in claims)
            line = line.Set(batch, claim);
        return line.Stored();
    }

    /// <summary>The same with what others have stored meanwhile.</summary>
    public SlotLine With(IEnumerable<KeyValuePair<string, SlotClaim?>> stored, double virtualTime, long arrivals) =>
        stored.Aggregate(this, (line, claim) => line.Set(claim.Key, claim.Value)).At(virtualTime, arrivals).Stored();

    /// <summary>The same, once it is stored.</summary>
    public SlotLine Stored() => _changed.IsEmpty ? this : new(this, _claims, _holders, _waiting, _changed.Clear());

    /// <summary>The batch's claim; <c>null</c> when it has none.</summary>
    public SlotClaim? Find(string batch) => _claims.GetValueOrDefault(batch);

    /// <summary>Without batches that have not said for five minutes that they hold slots: those are gone. Drops 90 at a time.</summary>
    public SlotLine WithoutLapsed(DateTimeOffset now) => _holders
        .Where(holder => now - holder.Value.At > SlotClaim.GoodFor).Select(holder => holder.Key).Take(MostLapses).ToList()
        .Aggregate(this, (line, batch) => line.Set(batch, null));

    /// <summary>A batch says what it holds and wants. Who waits already keeps its place.</summary>
    public SlotLine State(string batch, int held, int wanted, double weight, SleepingJobs? asleep, DateTimeOffset now)
    {
        if (held + wanted == 0)
            return Set(batch, null);
        var known = Find(batch);
        var arrives = wanted > 0 && known is null or { Wanted: 0 };
        var line = arrives ? At(VirtualTime, Arrivals + 1) : this;
        var isInLine = held == 0;
        return line.Set(batch, new(
            held, wanted, weight, arrives ? VirtualTime : known?.Since ?? VirtualTime, arrives ? line.Arrivals : known?.Arrival ?? 0,
            isInLine && known is { IsInLine: true } ? known.At : now, isInLine ? asleep : null));
    }

    /// <summary>A batch wants no more slots. What it holds counts as long as it would have counted.</summary>
    public SlotLine Leave(string batch) =>
        Set(batch, _claims.TryGetValue(batch, out var claim) && claim.Held > 0 ? claim with { Wanted = 0 } : null);

    /// <summary>A batch takes a slot, and begins to wait anew for the next.</summary>
    public SlotLine Grant(string batch, DateTimeOffset now)
    {
        var claim = _claims[batch];
        var line = At(VirtualTime + (1 / WantingWeight), Arrivals + 1);
        return line.Set(batch, claim with
        {
            Held = claim.Held + 1,
            Wanted = claim.Wanted - 1,
            Since = line.VirtualTime,
            Arrival = line.Arrivals,
            At = now,
            Asleep = null,
        });
    }

    /// <summary>Whose turn it is to take a free slot; <c>null</c> when nobody wants one.</summary>
    /// <param name="slots">All slots of the key.</param>
    public string? Next(int slots)
    {
        // Of those that hold nothing, all have less than their share.
        Place? best = _waiting.IsEmpty ? null : _waiting.Min;
        foreach (var (batch, claim) in _holders)
        {
            if (claim.Wanted == 0)
                continue;
            var place = claim.Held < ShareOf(claim, slots) ? Place.Of(batch, claim) : Place.OfServed(batch, claim);
            if (best is not { } other || place.CompareTo(other) < 0)
                best = place;
        }

        return best?.Batch;
    }

    /// <summary>The batches whose turn it is, while slots are free, in order.</summary>
    public IReadOnlyList<string> Turns(int slots, DateTimeOffset now)
    {
        var turns = new List<string>();
        for (var line = this; line.Held < slots && line.Next(slots) is { } batch; line = line.Grant(batch, now))
            turns.Add(batch);
        return turns;
    }

    // Whole slots; below one it is one, so that whoever holds none is below its share.
    private double ShareOf(SlotClaim claim, int slots) => Math.Ceiling((slots * claim.Weight / Weight) - Rounding);

    private SlotLine At(double virtualTime, long arrivals) => (virtualTime, arrivals) == (VirtualTime, Arrivals)
        ? this
        : new(this, _claims, _holders, _waiting, _changed) { VirtualTime = virtualTime, Arrivals = arrivals };

    private SlotLine Set(string batch, SlotClaim? claim)
    {
        var known = Find(batch);
        if (claim == known)
            return this;
        var (holders, waiting) = (_holders, _waiting);
        if (known is { Held: > 0 })
            holders = holders.Remove(batch);
        else if (known is not null)
            waiting = waiting.Remove(Place.Of(batch, known));
        if (claim is { Held: > 0 })
            holders = holders.SetItem(batch, claim);
        else if (claim is not null)
            waiting = waiting.Add(Place.Of(batch, claim));
        var claims = claim is null ? _claims.Remove(batch) : _claims.SetItem(batch, claim);
        return new(this, claims, holders, waiting, _changed.Add(batch))
        {
            Held = Held - (known?.Held ?? 0) + (claim?.Held ?? 0),
            // Sums of fractions drift; nobody is nobody.
            Weight = claims.IsEmpty ? 0 : Weight - (known?.Weight ?? 0) + (claim?.Weight ?? 0),
            WantingWeight = claims.IsEmpty ? 0 : WantingWeight - Wanting(known) + Wanting(claim),
        };
    }

    private static double Wanting(SlotClaim? claim) => claim is { Wanted: > 0 } ? claim.Weight : 0;

    private readonly record struct Place(bool HasShare, double Due, long Arrival, string Batch) : IComparable<Place>
    {
        public static Place Of(string batch, SlotClaim claim) => new(false, claim.Due, claim.Arrival, batch);

        public static Place OfServed(string batch, SlotClaim claim) => new(true, (claim.Held + 1) / claim.Weight, claim.Arrival, batch);

        public int CompareTo(Place other) =>
            HasShare.CompareTo(other.HasShare) is var byShare and not 0 ? byShare
            : Due.CompareTo(other.Due) is var byDue and not 0 ? byDue
            : Arrival.CompareTo(other.Arrival) is var byArrival and not 0 ? byArrival
            : string.CompareOrdinal(Batch, other.Batch);
    }
}
