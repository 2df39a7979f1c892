using System.Globalization;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Pacing;

/// <summary>
/// Row <c>K</c> of the Keys table: the pace of one API key, whose fingerprint is the partition. Its ETag guards the rows of
/// the batches (<see cref="SlotRow"/>), which are written in the same transactions.
/// </summary>
public sealed class KeyPaceRow : Row
{
    /// <summary>The key of the only such row of a partition.</summary>
    public const string Key = "K";

    // Far below the 32,768 characters of a property, since the whole row is written each time.
    private const int MostChanges = 50;
    private const int MostCharacters = 4000;

    /// <summary>Requests a minute, once the API has told them.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>See <see cref="KeyPace.ReducedConcurrency"/>.</summary>
    public int? ReducedConcurrency { get; set; }

    /// <summary>See <see cref="KeyPace.ReducedAt"/>.</summary>
    public DateTimeOffset? ReducedAt { get; set; }

    /// <summary>See <see cref="KeyPace.NextDue"/>.</summary>
    public DateTimeOffset? NextDue { get; set; }

    /// <summary>See <see cref="KeyPace.NotBefore"/>.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>See <see cref="SlotLine.VirtualTime"/>.</summary>
    public double VirtualTime { get; set; }

    /// <summary>See <see cref="SlotLine.Arrivals"/>.</summary>
    public long Arrivals { get; set; }

    /// <summary>How often rows of batches were written.</summary>
    public long Version { get; set; }

    /// <summary>
    /// The batches of the last writes: a line for each, with its version and the batches, apart by blanks. A process that knows
    /// an earlier version reads their rows instead of all.
    /// </summary>
    public string Changes { get; set; } = "";

    /// <summary>Which write of which process this is; no two are the same.</summary>
    public string? WrittenBy { get; set; }

    /// <summary>The pace that the row tells, with the configured limits where the API has said nothing.</summary>
    public KeyPace Read(PacingOptions options, SlotLine line) => new()
    {
        Concurrency = options.Concurrency,
        RequestsPerMinute = RequestsPerMinute ?? options.RequestsPerMinute,
        ReducedConcurrency = ReducedConcurrency,
        ReducedAt = ReducedAt ?? default,
        NextDue = NextDue ?? default,
        NotBefore = NotBefore ?? default,
        Line = line,
    };

    /// <summary>The same row, to be changed.</summary>
    public KeyPaceRow Copy() => (KeyPaceRow)MemberwiseClone();

    /// <summary>Takes over a pace.</summary>
    public void Write(KeyPace pace, PacingOptions options)
    {
        RequestsPerMinute = pace.RequestsPerMinute == options.RequestsPerMinute ? null : pace.RequestsPerMinute;
        ReducedConcurrency = pace.ReducedConcurrency;
        ReducedAt = Storable(pace.ReducedAt);
        NextDue = Storable(pace.NextDue);
        NotBefore = Storable(pace.NotBefore);
        (VirtualTime, Arrivals) = (pace.Line.VirtualTime, pace.Line.Arrivals);
        if (pace.Line.Changed.Count == 0)
            return;
        Version++;
        var change = string.Create(CultureInfo.InvariantCulture, $"{Version} {string.Join(' ', pace.Line.Changed)}");
        Changes = string.Join('\n', Changes.Split('\n').Append(change).TakeLast(MostChanges));
        if (Changes.Length > MostCharacters)
            Changes = change.Length > MostCharacters ? "" : change;
    }

    /// <summary>The batches whose rows were written since that version; <c>null</c> when that is not known any more.</summary>
    public IReadOnlyCollection<string>? ChangedSince(long version)
    {
        var changes = Changes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(change => change.Split(' '))
            .Where(change => long.Parse(change[0], CultureInfo.InvariantCulture) > version).ToList();
        return changes.Count == Version - version ? changes.SelectMany(change => change.Skip(1)).ToHashSet(StringComparer.Ordinal) : null;
    }

    // Table Storage knows no instants before the year 1601.
    private static DateTimeOffset? Storable(DateTimeOffset instant) => instant == default ? null : instant;
}
