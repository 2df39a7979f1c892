using ClipiaFlows.Planning;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>A plan as it was stored: every job, where its line is, and how many jobs need it.</summary>
/// <param name="Jobs">The jobs, by number.</param>
/// <param name="Lines">Where each job's line is.</param>
/// <param name="Dependents">How many jobs need each job.</param>
public sealed record StoredPlan(IReadOnlyList<PlannedJob> Jobs, IReadOnlyList<PlanLine> Lines, IReadOnlyList<int> Dependents)
{
    /// <summary>Reads it; <c>null</c> when it is not there.</summary>
    public static async Task<StoredPlan?> ReadAsync(IStateBlobs blobs, string batch, CancellationToken cancellation)
    {
        await using var stored = await blobs.OpenAsync(BlobNames.Plan(batch), cancellation);
        if (stored is null)
            return null;
        using var bytes = new MemoryStream();
        await stored.CopyToAsync(bytes, cancellation);
        return Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    private static StoredPlan Parse(ReadOnlyMemory<byte> bytes)
    {
        var jobs = new List<PlannedJob>();
        var lines = new List<PlanLine>();
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes.Span[start..].IndexOf((byte)'\n');
            if (length < 0)
                length = bytes.Length - start;
            if (length > 0)
            {
                lines.Add(new PlanLine(jobs.Count, start, length));
                jobs.Add(PlannedJob.Parse(bytes.Slice(start, length)));
            }

            start += length + 1;
        }

        var dependents = new int[jobs.Count];
        foreach (var from in jobs.SelectMany(job => job.Needs))
            dependents[from]++;
        return new StoredPlan(jobs, lines, dependents);
    }
}
