using System.Runtime.Serialization;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>J|n</c>: one job. Written by planning and Advance only.</summary>
public sealed class JobRow : Row
{
    /// <summary>The job's number in the plan, from 0.</summary>
    public int N { get; set; }

    /// <summary>The job's id, unique in the batch.</summary>
    public string Id { get; set; } = "";

    /// <summary>The model's slug.</summary>
    public string Model { get; set; } = "";

    /// <summary>
    /// The state as Advance knows it; that an active job is generating or copying, its <see cref="AttemptRow"/> tells.
    /// </summary>
    public JobState State { get; set; }

    /// <summary>The attempt that is under way or was the last, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Where the job's line starts in the plan, in bytes.</summary>
    public long PlanOffset { get; set; }

    /// <summary>How long that line is, in bytes.</summary>
    public int PlanLength { get; set; }

    /// <summary>Its priority, -100 to 100; higher goes first.</summary>
    public int Priority { get; set; }

    /// <summary>Length of the longest chain that starts here, as the plan weighs it; longer goes first.</summary>
    public int Weight { get; set; }

    /// <summary>How many jobs it still waits for: needed ones that have not succeeded, and equal ones that have not ended.</summary>
    public int NeedsLeft { get; set; }

    /// <summary>
    /// Numbers of the jobs that it needs, with commas between them; <c>null</c> when it waits for none, or for more than are named.
    /// </summary>
    public string? Needs { get; set; }

    /// <summary>The same for equal jobs that go first.</summary>
    public string? EqualJobs { get; set; }

    /// <summary>How many jobs wait for this one.</summary>
    public int Dependents { get; set; }

    /// <summary><see cref="Estimate"/> as stored.</summary>
    public string EstimateCredits { get; set; } = "0";

    /// <summary><see cref="Charged"/> as stored.</summary>
    public string ChargedCredits { get; set; } = "0";

    /// <summary>Why it failed or was skipped, as a code.</summary>
    public string? Code { get; set; }

    /// <summary>The same for people.</summary>
    public string? Message { get; set; }

    /// <summary>The matrix variables that made it, as a JSON object of strings; <c>null</c> when there are none.</summary>
    public string? VariablesJson { get; set; }

    /// <summary>When it entered the ready queue, the last time.</summary>
    public DateTimeOffset? ReadyAt { get; set; }

    /// <summary>When it was claimed, the last time.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The API's estimate for one attempt.</summary>
    [IgnoreDataMember]
    public decimal Estimate
    {
        get => CreditColumn.Read(EstimateCredits);
        set => EstimateCredits = CreditColumn.Write(value);
    }

    /// <summary>What all its attempts were charged.</summary>
    [IgnoreDataMember]
    public decimal Charged
    {
        get => CreditColumn.Read(ChargedCredits);
        set => ChargedCredits = CreditColumn.Write(value);
    }
}
