using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// Row <c>B|n|attempt</c>: an attempt that the batch does not wait for any more and that may have been, or may still be,
/// charged: abandoned, overdue, or of unknown outcome. It stands until a late delivery or a result read settles it.
/// </summary>
public sealed class TailRow : Row
{
    /// <summary>The job's number.</summary>
    public int N { get; set; }

    /// <summary>The attempt.</summary>
    public int Attempt { get; set; }

    /// <summary>Credits that stay committed for it.</summary>
    public string EstimateCredits { get; set; } = "0";

    /// <summary>Whether its instance still waits for the outcome, and so holds a slot upstream.</summary>
    public bool IsLive { get; set; }

    /// <summary>Since when the batch does not wait for it.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The tail of a claim.</summary>
    public static TailRow Of(ActiveRow claim, bool isLive, DateTimeOffset since) => new()
    {
        PartitionKey = claim.PartitionKey,
        RowKey = RowKeys.Tail(claim.N, claim.Attempt),
        N = claim.N,
        Attempt = claim.Attempt,
        EstimateCredits = claim.EstimateCredits,
        IsLive = isLive,
        Since = since,
    };
}
