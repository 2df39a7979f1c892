namespace ClipiaFlows.Production;

/// <summary>Where a job stands (docs/lifecycle.md draws the ways between them).</summary>
public enum JobState
{
    /// <summary>Needs the output of a job that has not succeeded yet.</summary>
    Waiting,

    /// <summary>Could be submitted now, if the limits allowed it.</summary>
    Ready,

    /// <summary>Claimed; the submission may be on its way.</summary>
    Submitting,

    /// <summary>Accepted upstream and paid for; being generated.</summary>
    Generating,

    /// <summary>Generated; its outputs are being fetched and stored.</summary>
    Copying,

    /// <summary>Every output is stored.</summary>
    Succeeded,

    /// <summary>Refused, failed upstream, or its output could not be had.</summary>
    Failed,

    /// <summary>Not submitted, because the batch was cancelled.</summary>
    Canceled,

    /// <summary>Not submitted, because a job that it needs did not succeed.</summary>
    Skipped,

    /// <summary>Whether it was accepted, and so paid for, could not be found out; a person must decide.</summary>
    Unresolved,
}
