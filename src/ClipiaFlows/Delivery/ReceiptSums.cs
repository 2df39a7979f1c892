using ClipiaFlows.Production;
using ClipiaFlows.Status;

namespace ClipiaFlows.Delivery;

/// <summary>What the jobs of a receipt add up to, counted beside the batch's own counters.</summary>
public sealed class ReceiptSums
{
    private readonly Dictionary<JobState, int> _jobs = [];

    /// <summary>Credits that the jobs were charged.</summary>
    public decimal Charged { get; private set; }

    /// <summary>Stored files.</summary>
    public int Files { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Jobs that took the outputs of earlier ones.</summary>
    public int Reused { get; private set; }

    /// <summary>How many jobs ended so.</summary>
    public int Of(JobState state) => _jobs.GetValueOrDefault(state);

    /// <summary>Takes a job that has ended into account.</summary>
    public void Add(JobView job)
    {
        _jobs[job.State] = Of(job.State) + 1;
        Charged += job.Cost ?? 0;
        Files += job.Outputs.Count;
        Bytes += job.Outputs.Sum(output => output.Bytes);
        Reused += job.ReusedFrom is null ? 0 : 1;
    }
}
