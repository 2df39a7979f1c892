using ClipiaFlows.Planning;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>A plan as it was stored, as a whole; <see cref="PlanLines"/> reads it piece by piece.</summary>
/// <param name="Jobs">The jobs, by number.</param>
/// <param name="Lines">Where each job's line is.</param>
public sealed record StoredPlan(IReadOnlyList<PlannedJob> Jobs, IReadOnlyList<PlanLine> Lines)
{
    /// <summary>Reads it; <c>null</c> when it is not there.</summary>
    public static async Task<StoredPlan?> ReadAsync(IStateBlobs blobs, string batch, CancellationToken cancellation)
    {
        await using var stored = await PlanLines.OpenAsync(blobs, batch, behind: null, cancellation);
        if (stored is null)
            return null;
        var jobs = new List<PlannedJob>();
        var lines = new List<PlanLine>();
        await foreach (var (job, line) in stored.ReadAsync(cancellation))
        {
            jobs.Add(job);
            lines.Add(line);
        }

        return new StoredPlan(jobs, lines);
    }
}
