using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// Row <c>O|sequence</c>: that a batch or one of its jobs changed its state, for others to hear. Added by Advance in the
/// transaction of the change; deleted once everybody has it.
/// </summary>
public sealed class OutboxRow : Row
{
    /// <summary>The event's number within the batch, from 1: with the batch it is the event's id.</summary>
    public long Sequence { get; set; }

    /// <summary>The seed of the batch that it belongs to: one of the same id that follows has another, and the same numbers.</summary>
    public string Seed { get; set; } = "";

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The batch's state, when the event is about the batch.</summary>
    public BatchState? BatchState { get; set; }

    /// <summary>The job's state, when the event is about a job.</summary>
    public JobState? JobState { get; set; }

    /// <summary>The job's number, when the event is about a job.</summary>
    public int? N { get; set; }

    /// <summary>The job's id, when the event is about a job.</summary>
    public string? JobId { get; set; }

    /// <summary>The attempt that the event is about.</summary>
    public int? Attempt { get; set; }

    /// <summary>Why, as a code.</summary>
    public string? Code { get; set; }

    /// <summary>Why, for people.</summary>
    public string? Message { get; set; }

    /// <summary>Credits charged for the attempt, when it has ended.</summary>
    public string? ChargedCredits { get; set; }
}
