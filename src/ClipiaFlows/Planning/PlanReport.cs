using ClipiaFlows.Manifests;
using ClipiaFlows.Production;

namespace ClipiaFlows.Planning;

/// <summary>What is known besides the plan when it is reported.</summary>
/// <param name="Balance">Credits of the account.</param>
/// <param name="Concurrency">Generations at a time of the API key.</param>
/// <param name="RequestsPerMinute">Requests a minute of the API key.</param>
/// <param name="RequestsPerJob">Requests that a job takes.</param>
/// <param name="Now">The time.</param>
/// <param name="Usual">How long a job usually takes, and whether that was measured.</param>
internal sealed record PlanFactsNow(
    decimal Balance, int Concurrency, int RequestsPerMinute, double RequestsPerJob, DateTimeOffset Now,
    Func<PlannedJob, (TimeSpan Duration, bool IsMeasured)> Usual);

/// <summary>Which of the jobs are shown one by one.</summary>
/// <param name="From">Number of the first.</param>
/// <param name="Limit">The most of them.</param>
public readonly record struct PlanPage(int From, int Limit);

/// <summary>Draws up what a plan costs and how long it takes. Pure: no call, no clock.</summary>
/// <remarks>
/// <paramref name="firsts"/> says which jobs take whose output, and <paramref name="taken"/> which take that of an earlier batch.
/// </remarks>
internal sealed class PlanReport(
    Manifest manifest, IReadOnlyList<PlannedJob> jobs, IReadOnlyList<ManifestWarning> warnings, IReadOnlyList<Price?> prices, int[] firsts, bool[] taken,
    int missingInputs, PlanFactsNow facts)
{
    private const int MostShown = 20;
    private const int LongestPath = 50;

    private readonly bool _reuses = manifest.Policy.Reuse is not ReuseScope.Never;

    public PlanView Draw(PlanPage page)
    {
        var efforts = jobs.Select(Effort).ToList();
        var estimated = prices.Sum(price => price?.Credits ?? 0);
        var total = jobs.Where(job => !IsReused(job)).Sum(job => prices[job.N]?.Credits ?? 0);
        var isComplete = missingInputs == 0;
        var shown = jobs.Skip(page.From).Take(page.Limit).Select(View).ToList();
        return new()
        {
            Plan = isComplete ? PlanHash.Of(jobs, Agreed, manifest.Policy) : null,
            Pricing = isComplete ? "complete" : "partial",
            Id = manifest.Id,
            Name = manifest.Name,
            Counts = new(
                jobs.Count, jobs.CountBy(job => job.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToDictionary(),
                jobs.Count(IsReused), prices.Count(price => price is null), missingInputs),
            Credits = new(estimated, estimated - total, total, manifest.Policy.BudgetCredits, facts.Balance, facts.Balance - total),
            Groups = Groups(),
            Refused = Refused(),
            Warnings = warnings,
            Sample = isComplete ? Sample() : null,
            OverBudget = isComplete ? OverBudget(efforts) : null,
            Duplicates = Duplicates(),
            Forecast = Forecast(efforts),
            Jobs = shown,
            Continuation = page.From + shown.Count < jobs.Count
                ? (page.From + shown.Count).ToString(System.Globalization.CultureInfo.InvariantCulture)
                : null,
        };
    }

    /// <summary>The price that somebody agrees to; a refused job has none.</summary>
    public decimal? Agreed(PlannedJob job) => prices[job.N] is { Code: null, Credits: var credits } ? credits : null;

    private bool IsReused(PlannedJob job) => taken[job.N] || (_reuses && firsts[job.N] != job.N);

    private JobEffort Effort(PlannedJob job) => new(
        facts.Usual(job).Duration.TotalSeconds,
        IsReused(job) ? 0 : prices[job.N] is null ? 0 : Agreed(job),
        IsReused(job));

    private List<PlanGroup> Groups() => jobs
        .GroupBy(job => (job.Model, job.Kind, Credits: prices[job.N] is null ? null : Agreed(job)))
        .Select(group => new PlanGroup(
            group.Key.Model, group.Key.Kind, group.Key.Credits, group.Count(),
            group.Where(job => !IsReused(job)).Sum(_ => group.Key.Credits ?? 0),
            Math.Round(facts.Usual(group.First()).Duration.TotalSeconds, 1), facts.Usual(group.First()).IsMeasured))
        .OrderByDescending(group => group.Total).ThenBy(group => group.Model, StringComparer.Ordinal).ThenBy(group => group.Credits)
        .ToList();

    private List<PlanRefusal> Refused() => jobs
        .Where(job => prices[job.N]?.Code is not null)
        .GroupBy(job => (prices[job.N]!.Code, prices[job.N]!.Message))
        .Select(group => new PlanRefusal(group.Key.Code!, group.Key.Message, group.Count(), Ids(group)))
        .ToList();

    /// <summary>
    /// What the batch claims before it waits for approval. A job that takes another's output is claimed as well, at no cost.
    /// </summary>
    private PlanSample? Sample()
    {
        var most = manifest.Policy.ApprovalSample;
        if (most == 0 || most >= jobs.Count)
            return null;
        var efforts = jobs
            .Select(job => Agreed(job) is null ? new(0, null, IsReused: false) : IsReused(job) ? new(0, 0, IsReused: false) : Effort(job))
            .ToList();
        var sample = ListSchedule.Run(jobs, efforts, Slots, SecondsPerStart, manifest.Policy.BudgetCredits, most);
        return new(sample.HasRun.Count(hasRun => hasRun), sample.Spent);
    }

    private PlanOverBudget? OverBudget(List<JobEffort> efforts)
    {
        if (manifest.Policy.BudgetCredits is not { } budget)
            return null;
        var within = ListSchedule.Run(jobs, efforts, Slots, SecondsPerStart, budget);
        var without = ListSchedule.Run(jobs, efforts, Slots, SecondsPerStart, budget: null);
        var left = jobs.Where(job => without.HasRun[job.N] && !within.HasRun[job.N]).ToList();
        return left.Count == 0
            ? null
            : new(left.Count, left.Sum(job => efforts[job.N].Credits ?? 0), Word(manifest.Policy.OnBudget), Ids(left));
    }

    private PlanDuplicates? Duplicates()
    {
        var same = jobs.Where(job => firsts[job.N] != job.N).ToList();
        if (same.Count == 0)
            return null;
        var groups = same.GroupBy(job => firsts[job.N])
            .OrderByDescending(group => group.Count())
            .Take(MostShown)
            .Select(group => new PlanDuplicateGroup(jobs[group.Key].Id, group.Count(), Ids(group)))
            .ToList();
        return new(same.Count, same.Sum(job => prices[job.N]?.Credits ?? 0), Word(manifest.Policy.Reuse), groups);
    }

    private PlanForecast Forecast(List<JobEffort> efforts)
    {
        var schedule = ListSchedule.Run(jobs, efforts, Slots, SecondsPerStart, manifest.Policy.BudgetCredits);
        var bound = ForecastBound.Of(jobs, efforts, schedule.HasRun, Slots, SecondsPerStart);
        // Sums of fractions differ in their last digits with the order of adding.
        var expected = Math.Max(schedule.Makespan, bound.Seconds);
        var finish = facts.Now.AddSeconds(Math.Ceiling(Math.Round(expected, 3)));
        var deadline = manifest.Policy.Deadline ?? facts.Now + manifest.Policy.DeadlineAfter;
        return new(
            Math.Round(expected, 1), finish, Math.Round(bound.Seconds, 1),
            Math.Round(bound.WorkSeconds, 1), Math.Round(bound.ChainSeconds, 1), Math.Round(bound.RequestSeconds, 1),
            jobs.DistinctBy(job => job.Model).All(job => facts.Usual(job).IsMeasured), Slots, facts.RequestsPerMinute,
            bound.Chain.Take(LongestPath).Select(n => jobs[n].Id).ToList(), deadline, deadline is null ? null : finish <= deadline);
    }

    private int Slots => Math.Min(manifest.Policy.MaxConcurrency ?? int.MaxValue, facts.Concurrency);

    private double SecondsPerStart => facts.RequestsPerJob * 60 / facts.RequestsPerMinute;

    private PlanJobView View(PlannedJob job) => new(
        job.N, job.Id, job.Model, IsReused(job) ? 0 : prices[job.N]?.Credits, job.OutputPath,
        job.Needs.Take(MostShown).Select(n => jobs[n].Id).ToList())
    {
        SameAs = firsts[job.N] == job.N ? null : jobs[firsts[job.N]].Id,
        Refused = prices[job.N]?.Code,
    };

    private static List<string> Ids(IEnumerable<PlannedJob> some) => some.Take(MostShown).Select(job => job.Id).ToList();

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
