using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Pacing;

/// <summary>Row <c>S|batch</c> of the Keys table: what a batch holds or waits for, in the partition of the API key's fingerprint.</summary>
public sealed class SlotRow : Row
{
    private const string Prefix = "S|";

    /// <summary>First key of all such rows.</summary>
    public const string First = Prefix;

    /// <summary>End of their range.</summary>
    public const string End = "S}";

    /// <summary>See <see cref="SlotClaim.Held"/>.</summary>
    public int Held { get; set; }

    /// <summary>See <see cref="SlotClaim.Wanted"/>.</summary>
    public int Wanted { get; set; }

    /// <summary>See <see cref="SlotClaim.Weight"/>.</summary>
    public double Weight { get; set; }

    /// <summary>See <see cref="SlotClaim.Since"/>.</summary>
    public double Since { get; set; }

    /// <summary>See <see cref="SlotClaim.Arrival"/>.</summary>
    public long Arrival { get; set; }

    /// <summary>See <see cref="SlotClaim.At"/>.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>See <see cref="SleepingJobs.Until"/>; <c>null</c> when the batch does not sleep.</summary>
    public DateTimeOffset? SleepsUntil { get; set; }

    /// <summary>See <see cref="SleepingJobs.Ready"/>.</summary>
    public int Ready { get; set; }

    /// <summary>See <see cref="SleepingJobs.Waiting"/>.</summary>
    public int Waiting { get; set; }

    /// <summary>See <see cref="SleepingJobs.Unresolved"/>.</summary>
    public int Unresolved { get; set; }

    /// <summary>The batch.</summary>
    public string BatchOf() => RowKey[Prefix.Length..];

    /// <summary>The claim that the row tells.</summary>
    public SlotClaim Read() => new(
        Held, Wanted, Weight, Since, Arrival, At, SleepsUntil is { } until ? new(until, Ready, Waiting, Unresolved) : null);

    /// <summary>The key of a batch's row.</summary>
    public static string KeyOf(string batch) => Prefix + batch;

    /// <summary>The row of a claim.</summary>
    public static SlotRow Of(string key, string batch, SlotClaim claim) => new()
    {
        PartitionKey = key,
        RowKey = KeyOf(batch),
        Held = claim.Held,
        Wanted = claim.Wanted,
        Weight = claim.Weight,
        Since = claim.Since,
        Arrival = claim.Arrival,
        At = claim.At,
        SleepsUntil = claim.Asleep?.Until,
        Ready = claim.Asleep?.Ready ?? 0,
        Waiting = claim.Asleep?.Waiting ?? 0,
        Unresolved = claim.Asleep?.Unresolved ?? 0,
    };
}
