using System.Collections.Concurrent;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;

namespace ClipiaFlows.Starting;

/// <summary>Tells which jobs of a plan would take the output of an earlier batch. Reads a row and the stored files of each.</summary>
public sealed class EarlierOutputs(ReusableOutputs reusable)
{
    private const int ReadTogether = 32;

    /// <summary>Per job whether it would; a job whose input refers to one that would not is generated as well.</summary>
    /// <param name="jobs">The jobs; their needs have no cycle.</param>
    /// <param name="firsts">For each job the first one that is equal to it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<bool[]> FindAsync(IReadOnlyList<PlannedJob> jobs, int[] firsts, CancellationToken cancellation)
    {
        var found = new bool[jobs.Count];
        var outputs = new ConcurrentDictionary<string, UpstreamOutput>(StringComparer.Ordinal);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ReadTogether, CancellationToken = cancellation };
        foreach (var round in Rounds(jobs))
        {
            await Parallel.ForEachAsync(round.Where(job => firsts[job.N] == job.N), limits, async (job, cancel) =>
            {
                if (UpstreamOutputs.Resolve(job, outputs).ReuseKey is not { } key
                    || await reusable.FindAsync(ReuseScope.Always, job.Id, key, cancel) is not { } earlier)
                    return;
                found[job.N] = true;
                outputs[job.Id] = new(earlier.OutputJson, earlier.FilesJson);
            });
            foreach (var job in round.Where(job => found[firsts[job.N]]))
                outputs[job.Id] = outputs[jobs[firsts[job.N]].Id];
        }

        return found;
    }

    /// <summary>The jobs, each after the rounds of all that it needs. An equal job's first stands in no later round.</summary>
    private static IEnumerable<IEnumerable<PlannedJob>> Rounds(IReadOnlyList<PlannedJob> jobs)
    {
        var depths = new int[jobs.Count];
        foreach (var n in ChainWeights.Order(jobs.Select(job => job.Needs as int[] ?? [.. job.Needs]).ToList()))
            depths[n] = jobs[n].Needs.Select(need => depths[need] + 1).DefaultIfEmpty(0).Max();
        return jobs.GroupBy(job => depths[job.N]).OrderBy(round => round.Key).Select(round => round.ToList());
    }
}
