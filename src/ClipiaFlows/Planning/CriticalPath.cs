namespace ClipiaFlows.Planning;

/// <summary>The chain of jobs that takes longest, one after the other: no number of slots makes a batch quicker.</summary>
internal static class CriticalPath
{
    /// <summary>The jobs of the chain in order, and how long it takes.</summary>
    /// <param name="jobs">The jobs; their dependencies have no cycle.</param>
    /// <param name="efforts">What each takes, by number.</param>
    /// <param name="counts">Whether a job counts, by number; <c>null</c> when all do. What a counted job waits for counts too.</param>
    public static (IReadOnlyList<int> Jobs, double Seconds) Of(
        IReadOnlyList<PlannedJob> jobs, IReadOnlyList<JobEffort> efforts, bool[]? counts = null)
    {
        var waits = jobs.Select(job => job.Needs.Concat(job.After).ToArray()).ToList();
        var ends = new double[jobs.Count];
        var before = new int[jobs.Count];
        var last = -1;
        foreach (var n in ChainWeights.Order(waits))
        {
            before[n] = -1;
            var start = 0d;
            foreach (var waited in waits[n].Where(waited => ends[waited] > start))
                (start, before[n]) = (ends[waited], waited);
            ends[n] = start + (efforts[n].IsReused ? 0 : efforts[n].Seconds);
            if (counts?[n] is null or true && (last < 0 || ends[n] > ends[last]))
                last = n;
        }

        var chain = new List<int>();
        for (var n = last; n >= 0 && chain.Count < jobs.Count; n = before[n])
            chain.Add(n);
        chain.Reverse();
        return (chain, last < 0 ? 0 : ends[last]);
    }
}
