using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>T|target</c>: how far somebody has been told of a batch. Written by the sending of events only.</summary>
public sealed class TargetRow : Row
{
    /// <summary>The seed of the batch that it belongs to; a repeated batch id has another.</summary>
    public string Seed { get; set; } = "";

    /// <summary>Events up to this number have been delivered, or given up.</summary>
    public long Sequence { get; set; }

    /// <summary>Tries of the next event that failed.</summary>
    public int Tries { get; set; }

    /// <summary>When the next event is tried again; <c>null</c> for at once.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>Why the last try failed, for people; <c>null</c> when it did not.</summary>
    public string? Trouble { get; set; }

    /// <summary>Whether the target said that it wants no events any more; then all are given up.</summary>
    public bool IsGone { get; set; }

    /// <summary>Events that were given up, because the target could not be told of them for days.</summary>
    public long GivenUp { get; set; }
}
