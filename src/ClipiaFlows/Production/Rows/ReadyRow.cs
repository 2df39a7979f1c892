using System.Runtime.Serialization;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>Q|…</c>: a job in the ready queue, with what a claim needs, so that claiming reads nothing else.</summary>
public sealed class ReadyRow : Row
{
    /// <summary>The job's number.</summary>
    public int N { get; set; }

    /// <summary>The job's id.</summary>
    public string JobId { get; set; } = "";

    /// <summary>The model's slug.</summary>
    public string Model { get; set; } = "";

    /// <summary>Its priority, -100 to 100.</summary>
    public int Priority { get; set; }

    /// <summary>The attempt to be started.</summary>
    public int Attempt { get; set; }

    /// <summary>Where the job's line starts in the plan, in bytes.</summary>
    public long PlanOffset { get; set; }

    /// <summary>How long that line is, in bytes.</summary>
    public int PlanLength { get; set; }

    /// <summary>Estimated credits, as stored in the job.</summary>
    public string EstimateCredits { get; set; } = "0";

    /// <summary><see cref="EstimateCredits"/> as a number.</summary>
    [IgnoreDataMember]
    public decimal Estimate => CreditColumn.Read(EstimateCredits);

    /// <summary>The queue entry of a job that has become ready.</summary>
    public static ReadyRow Of(JobRow job) => new()
    {
        PartitionKey = job.PartitionKey,
        RowKey = RowKeys.Ready(job.Priority, job.Weight, job.N),
        N = job.N,
        JobId = job.Id,
        Model = job.Model,
        Priority = job.Priority,
        Attempt = job.Attempt,
        PlanOffset = job.PlanOffset,
        PlanLength = job.PlanLength,
        EstimateCredits = job.EstimateCredits,
    };
}
