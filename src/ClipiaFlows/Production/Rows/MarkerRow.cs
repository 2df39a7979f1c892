using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>What RunJob tells Advance.</summary>
public enum MarkerKind
{
    /// <summary>The generation is over and its slot upstream is free.</summary>
    Copying,

    /// <summary>A file could not be fetched and is tried again later; the batch's other jobs need not wait for that.</summary>
    RetryingCopy,

    /// <summary>The attempt has ended; written in one transaction with the outcome.</summary>
    Done,

    /// <summary>The API refused for a reason that concerns the whole batch, such as missing credits.</summary>
    Blocked,

    /// <summary>Claimed and certainly not sent, and the batch is paused: the claim is given back, and with it the slot.</summary>
    Returned,

    /// <summary>Accepted at another price than estimated.</summary>
    Repriced,

    /// <summary>Its deadline has passed and it is not finished; its instance goes on waiting.</summary>
    Overdue,

    /// <summary>Its delivery came after all, and its instance runs again to settle it.</summary>
    Revived,
}

/// <summary>
/// Row <c>D|n|attempt</c>: the inbox of Advance. Put by RunJob's activities, deleted by Advance in the transaction that
/// takes it into account.
/// </summary>
public sealed class MarkerRow : Row
{
    /// <summary>What it says.</summary>
    public MarkerKind Kind { get; set; }

    /// <summary>The job's number.</summary>
    public int N { get; set; }

    /// <summary>The attempt it speaks of.</summary>
    public int Attempt { get; set; }

    /// <summary>How the attempt ended, when it did.</summary>
    public JobState State { get; set; }

    /// <summary>
    /// Credits charged for the attempt; of <see cref="MarkerKind.Repriced"/> and of those that may replace it, credits that it
    /// costs.
    /// </summary>
    public string ChargedCredits { get; set; } = "0";

    /// <summary>Credits that the accepted submission had reserved upstream; 0 when there was none or it was free.</summary>
    public string CostCredits { get; set; } = "0";

    /// <summary>Whether it took the output of an earlier job.</summary>
    public bool IsReused { get; set; }

    /// <summary>Whether the policy's retries apply: it failed upstream.</summary>
    public bool FailedUpstream { get; set; }

    /// <summary>Why, as a code.</summary>
    public string? Code { get; set; }

    /// <summary>Why, for people.</summary>
    public string? Message { get; set; }

    /// <summary>A marker about an attempt, with the key that makes a later one replace it.</summary>
    public static MarkerRow For(AttemptRow attempt, MarkerKind kind) => new()
    {
        PartitionKey = attempt.PartitionKey,
        RowKey = RowKeys.Marker(attempt.N, attempt.Attempt),
        Kind = kind,
        N = attempt.N,
        Attempt = attempt.Attempt,
        State = attempt.State,
        Code = attempt.Code,
        Message = attempt.Message,
        // It may replace the marker that told of another price than estimated.
        ChargedCredits = kind is MarkerKind.Copying or MarkerKind.RetryingCopy or MarkerKind.Overdue or MarkerKind.Blocked
            && attempt is { ReusedFrom: null, IsFree: false, RequestId: not null, Cost: { } cost } ? CreditColumn.Write(cost) : "0",
    };
}
