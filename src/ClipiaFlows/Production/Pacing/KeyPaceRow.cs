using System.Collections.Immutable;
using System.Text.Json;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Pacing;

/// <summary>The pace of one API key, as a row of the Keys table; the key itself is known by its fingerprint only.</summary>
public sealed class KeyPaceRow : Row
{
    /// <summary>The partition of all keys.</summary>
    public const string Partition = "keys";

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

    /// <summary>See <see cref="KeyPace.Shares"/>, as JSON.</summary>
    public string SharesJson { get; set; } = "{}";

    /// <summary>Which write of which process this is; no two are the same.</summary>
    public string? WrittenBy { get; set; }

    /// <summary>The pace that the row tells, with the configured limits where the API has said nothing.</summary>
    public KeyPace Read(PacingOptions options) => new()
    {
        Concurrency = options.Concurrency,
        RequestsPerMinute = RequestsPerMinute ?? options.RequestsPerMinute,
        ReducedConcurrency = ReducedConcurrency,
        ReducedAt = ReducedAt ?? default,
        NextDue = NextDue ?? default,
        NotBefore = NotBefore ?? default,
        Shares = JsonSerializer.Deserialize<Dictionary<string, SlotShare>>(SharesJson)!.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    /// <summary>Takes over a pace.</summary>
    public void Write(KeyPace pace, PacingOptions options)
    {
        RequestsPerMinute = pace.RequestsPerMinute == options.RequestsPerMinute ? null : pace.RequestsPerMinute;
        ReducedConcurrency = pace.ReducedConcurrency;
        ReducedAt = Storable(pace.ReducedAt);
        NextDue = Storable(pace.NextDue);
        NotBefore = Storable(pace.NotBefore);
        SharesJson = JsonSerializer.Serialize(pace.Shares);
    }

    // Table Storage knows no instants before the year 1601.
    private static DateTimeOffset? Storable(DateTimeOffset instant) => instant == default ? null : instant;
}
