using System.Text.Json;

namespace ClipiaFlows.Cli.Api;

/// <summary>What a batch would be, as the app tells it.</summary>
internal sealed record Plan(
    [property: System.Text.Json.Serialization.JsonPropertyName("plan")] string? Hash, string Pricing, string? Name, PlanCounts Counts,
    PlanCredits Credits, IReadOnlyList<PlanGroup> Groups, IReadOnlyList<PlanRefusal> Refused, PlanOverBudget? OverBudget,
    PlanDuplicates? Duplicates, PlanForecast Forecast, IReadOnlyList<PlanJob> Jobs)
{
    public IReadOnlyList<ManifestWarning> Warnings { get; init; } = [];

    public PlanSample? Sample { get; init; }

    /// <summary>The answer as it came, for machines.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>How long to wait before the same question goes on; null when all prices are known.</summary>
    public TimeSpan? GoOnAfter { get; init; }
}

internal sealed record PlanCounts(int Total, int Reused, int Unpriced, int UnpricedInputs);

internal sealed record PlanCredits(decimal Estimated, decimal Saved, decimal Total, decimal? Budget, decimal Balance, decimal BalanceAfter);

internal sealed record PlanGroup(string Model, string Kind, decimal? Credits, int Jobs, decimal Total, double UsualSeconds, bool IsMeasured);

internal sealed record PlanRefusal(string Code, string? Message, int Jobs, IReadOnlyList<string> First);

internal sealed record PlanSample(int Jobs, decimal Credits);

internal sealed record PlanOverBudget(int Jobs, decimal Credits, string OnBudget, IReadOnlyList<string> First);

internal sealed record PlanDuplicates(int Jobs, decimal Credits, string Reuse);

internal sealed record PlanForecast(
    double ExpectedSeconds, DateTimeOffset FinishAt, double LeastSeconds, bool IsMeasured, int Concurrency, int RequestsPerMinute,
    IReadOnlyList<string> CriticalPath, double ChainSeconds, DateTimeOffset? Deadline, bool? MeetsDeadline);

internal sealed record PlanJob(string Id, string Model, decimal? Credits, string Path)
{
    public string? SameAs { get; init; }

    public string? Refused { get; init; }
}
