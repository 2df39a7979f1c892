using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// Row <c>A|n</c>: a claimed job. Written in the step that claims it and before its instance is started; the permits of
/// the API key are derived from these rows, so that a crash leaks none.
/// </summary>
public sealed class ActiveRow : Row
{
    /// <summary>The job's number.</summary>
    public int N { get; set; }

    /// <summary>The attempt that is under way.</summary>
    public int Attempt { get; set; }

    /// <summary>Where the job's line starts in the plan, in bytes.</summary>
    public long PlanOffset { get; set; }

    /// <summary>How long that line is, in bytes.</summary>
    public int PlanLength { get; set; }

    /// <summary>Estimated credits, reserved while the row stands.</summary>
    public string EstimateCredits { get; set; } = "0";

    /// <summary>When it was claimed.</summary>
    public DateTimeOffset ClaimedAt { get; set; }

    /// <summary>The turn in the key's request rate that was taken for its submission.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Whether it is copying; then it holds no slot upstream any more.</summary>
    public bool Copying { get; set; }

    /// <summary>Whether a file could not be fetched at first; then it holds none of the batch's copies any more.</summary>
    public bool IsRetryingCopy { get; set; }
}
