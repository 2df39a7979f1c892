using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>F|n</c>: a job that ended and whose dependents are being told, with the cursor of how far that is.</summary>
public sealed class FollowUpRow : Row
{
    /// <summary>The job that ended.</summary>
    public int N { get; set; }

    /// <summary>Its id, for the dependents' reason.</summary>
    public string JobId { get; set; } = "";

    /// <summary>How it ended.</summary>
    public JobState State { get; set; }

    /// <summary>Dependents with a lower number have been told.</summary>
    public int Next { get; set; }

    /// <summary>The follow-up of a job that has ended.</summary>
    public static FollowUpRow Of(JobRow job) => new()
    {
        PartitionKey = job.PartitionKey,
        RowKey = RowKeys.FollowUp(job.N),
        N = job.N,
        JobId = job.Id,
        State = job.State,
    };
}
