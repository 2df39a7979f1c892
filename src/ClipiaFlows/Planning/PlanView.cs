using System.Text.Json.Serialization;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>A plan as the HTTP API shows it: what a batch will be, before anything is spent.</summary>
public sealed record PlanView
{
    /// <summary><see cref="PlanHash"/>: a batch can be started from exactly this plan. Null while prices are missing.</summary>
    public required string? Plan { get; init; }

    /// <summary><c>complete</c>, or <c>partial</c> while prices are missing; the same request again goes on.</summary>
    public required string Pricing { get; init; }

    /// <summary>The batch's id, when the manifest gives one.</summary>
    public required string? Id { get; init; }

    /// <summary>The manifest's name.</summary>
    public required string? Name { get; init; }

    /// <summary>How many jobs.</summary>
    public required PlanCounts Counts { get; init; }

    /// <summary>What they cost.</summary>
    public required PlanCredits Credits { get; init; }

    /// <summary>The jobs by model and price, the dearest group first; those without a price have null.</summary>
    public required IReadOnlyList<PlanGroup> Groups { get; init; }

    /// <summary>Jobs that the API would refuse, by reason. They would fail without being paid.</summary>
    public required IReadOnlyList<PlanRefusal> Refused { get; init; }

    /// <summary>What can be run and probably would waste credits.</summary>
    public required IReadOnlyList<ManifestWarning> Warnings { get; init; }

    /// <summary>What is made before somebody must approve the rest; null when nobody must, and while prices are missing.</summary>
    public required PlanSample? Sample { get; init; }

    /// <summary>What would not fit into the budget; null without one, or when all fits.</summary>
    public required PlanOverBudget? OverBudget { get; init; }

    /// <summary>Jobs that equal others; null when there are none.</summary>
    public required PlanDuplicates? Duplicates { get; init; }

    /// <summary>How long it will take.</summary>
    public required PlanForecast Forecast { get; init; }

    /// <summary>Some of the jobs, in the order written.</summary>
    public required IReadOnlyList<PlanJobView> Jobs { get; init; }

    /// <summary>What <c>from</c> is for the next page of jobs; null when there is none.</summary>
    public required string? Continuation { get; init; }
}

/// <summary>How many jobs a plan has.</summary>
/// <param name="Total">All.</param>
/// <param name="ByKind">By what they make, such as <c>image</c>.</param>
/// <param name="Reused">Those that take the output of an equal one.</param>
/// <param name="Unpriced">Those whose price is not known yet.</param>
/// <param name="UnpricedInputs">The calls that these still take.</param>
public sealed record PlanCounts(int Total, IReadOnlyDictionary<string, int> ByKind, int Reused, int Unpriced, int UnpricedInputs);

/// <summary>What a plan costs, by the API's estimates.</summary>
/// <param name="Estimated">All jobs, were each of them paid.</param>
/// <param name="Saved">What the policy's <c>reuse</c> saves, of equal jobs and, with <c>always</c>, of earlier batches.</param>
/// <param name="Total">What the batch will be charged when every job succeeds and the budget allows it.</param>
/// <param name="Budget">The policy's budget; without one, the highest that the app's settings allow.</param>
/// <param name="Balance">What the account has.</param>
/// <param name="BalanceAfter">What stays of it; below 0 when it is not enough.</param>
public sealed record PlanCredits(
    decimal Estimated, decimal Saved, decimal Total, decimal? Budget, decimal Balance, decimal BalanceAfter);

/// <summary>Jobs of one model and price.</summary>
/// <param name="Model">The model.</param>
/// <param name="Kind">What it makes.</param>
/// <param name="Credits">The price of each; null when it is not known.</param>
/// <param name="Jobs">How many.</param>
/// <param name="Total">What they cost together, those that are reused not counted.</param>
/// <param name="UsualSeconds">How long one usually takes.</param>
/// <param name="IsMeasured">Whether that was measured by this app; else it is a guess by the kind.</param>
public sealed record PlanGroup(
    string Model, string Kind, decimal? Credits, int Jobs, decimal Total, double UsualSeconds, bool IsMeasured);

/// <summary>Jobs that the API would refuse for one reason.</summary>
/// <param name="Code">The API's code.</param>
/// <param name="Message">The same for people.</param>
/// <param name="Jobs">How many.</param>
/// <param name="First">Ids of the first of them.</param>
public sealed record PlanRefusal(string Code, string? Message, int Jobs, IReadOnlyList<string> First);

/// <summary>The jobs that are made before somebody must approve the rest.</summary>
/// <param name="Jobs">How many.</param>
/// <param name="Credits">What they cost.</param>
public sealed record PlanSample(int Jobs, decimal Credits);

/// <summary>What would not fit into the budget when jobs are claimed in their order.</summary>
/// <param name="Jobs">How many, with those that need them.</param>
/// <param name="Credits">What they would cost.</param>
/// <param name="OnBudget"><c>pause</c> or <c>stop</c>.</param>
/// <param name="First">Ids of the first of them.</param>
public sealed record PlanOverBudget(int Jobs, decimal Credits, string OnBudget, IReadOnlyList<string> First);

/// <summary>Jobs that equal an earlier one: the same model, input and replica.</summary>
/// <param name="Jobs">How many, the first of each not counted.</param>
/// <param name="Credits">What they cost, or would cost.</param>
/// <param name="Reuse">The policy: with <c>never</c> they are paid.</param>
/// <param name="Groups">The largest groups.</param>
public sealed record PlanDuplicates(int Jobs, decimal Credits, string Reuse, IReadOnlyList<PlanDuplicateGroup> Groups);

/// <summary>Jobs that are equal.</summary>
/// <param name="First">Id of the one that is produced.</param>
/// <param name="Jobs">How many equal it.</param>
/// <param name="Same">Ids of the first of them.</param>
public sealed record PlanDuplicateGroup(string First, int Jobs, IReadOnlyList<string> Same);

/// <summary>How long a plan takes, from durations measured so far; polling, retries and other batches not counted.</summary>
/// <param name="ExpectedSeconds">By playing it through.</param>
/// <param name="FinishAt">The same as a moment, were it started now.</param>
/// <param name="LeastSeconds">No schedule is quicker: the greatest of the next three.</param>
/// <param name="WorkSeconds">The durations of all jobs that will run over the concurrency.</param>
/// <param name="ChainSeconds">The longest chain of them.</param>
/// <param name="RequestSeconds">Starting all of them at the allowed request rate, and the shortest of them.</param>
/// <param name="IsMeasured">Whether every model's duration was measured.</param>
/// <param name="Concurrency">Generations at a time, of the policy and the API key.</param>
/// <param name="RequestsPerMinute">What the API key allows.</param>
/// <param name="CriticalPath">Ids of the longest chain's jobs, at most the first 50.</param>
/// <param name="Deadline">When submitting stops.</param>
/// <param name="MeetsDeadline">Whether it is expected to end before; null without a deadline.</param>
public sealed record PlanForecast(
    double ExpectedSeconds, DateTimeOffset FinishAt, double LeastSeconds, double WorkSeconds, double ChainSeconds,
    double RequestSeconds, bool IsMeasured, int Concurrency, int RequestsPerMinute, IReadOnlyList<string> CriticalPath,
    DateTimeOffset? Deadline, bool? MeetsDeadline);

/// <summary>One job of a plan.</summary>
/// <param name="N">Its number.</param>
/// <param name="Id">Its id.</param>
/// <param name="Model">Its model.</param>
/// <param name="Credits">Its price; null when it is not known, 0 when it is reused or refused.</param>
/// <param name="Path">Where its output goes; <c>{{ext}}</c> is known only then.</param>
/// <param name="Needs">Ids of the jobs it needs.</param>
public sealed record PlanJobView(int N, string Id, string Model, decimal? Credits, string Path, IReadOnlyList<string> Needs)
{
    /// <summary>Id of the equal job whose output it takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SameAs { get; init; }

    /// <summary>Why the API would refuse it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refused { get; init; }
}
