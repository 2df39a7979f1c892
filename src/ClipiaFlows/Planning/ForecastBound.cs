namespace ClipiaFlows.Planning;

/// <summary>A time below which no schedule of the jobs that will run can end: the greatest of three bounds.</summary>
/// <param name="WorkSeconds">All durations, divided among the slots.</param>
/// <param name="ChainSeconds">The longest chain.</param>
/// <param name="RequestSeconds">Starting all of them at the allowed rate, and then the shortest of them.</param>
/// <param name="Chain">The jobs of the longest chain, in order.</param>
internal readonly record struct ForecastBound(
    double WorkSeconds, double ChainSeconds, double RequestSeconds, IReadOnlyList<int> Chain)
{
    public double Seconds => Math.Max(Math.Max(WorkSeconds, ChainSeconds), RequestSeconds);

    /// <param name="jobs">The jobs; their dependencies have no cycle.</param>
    /// <param name="efforts">What each takes, by number.</param>
    /// <param name="hasRun">Which of them run: what is refused, too expensive or needs such a job takes no time.</param>
    /// <param name="slots">Generations at a time.</param>
    /// <param name="secondsPerStart">Seconds between two submissions at the allowed rate.</param>
    public static ForecastBound Of(
        IReadOnlyList<PlannedJob> jobs, IReadOnlyList<JobEffort> efforts, bool[] hasRun, int slots, double secondsPerStart)
    {
        var (chain, chainSeconds) = CriticalPath.Of(jobs, efforts, hasRun);
        var durations = jobs.Where(job => hasRun[job.N] && !efforts[job.N].IsReused).Select(job => efforts[job.N].Seconds).ToList();
        return durations.Count == 0
            ? new(0, chainSeconds, 0, chain)
            : new(durations.Sum() / slots, chainSeconds, ((durations.Count - 1) * secondsPerStart) + durations.Min(), chain);
    }
}
