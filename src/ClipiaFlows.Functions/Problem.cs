using System.Globalization;
using System.Text.Json.Serialization;
using ClipiaFlows.Delivery;
using ClipiaFlows.Manifests;
using Microsoft.AspNetCore.Http;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>An error answer: RFC 9457 with a stable code and, for a manifest, everything that is wrong with it.</summary>
internal sealed record Problem(int Status, string Code, string Title, string? Detail = null)
{
    [JsonPropertyName("type")]
    public string Type { get; init; } = "about:blank";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestProblem>? Problems { get; init; }

    /// <summary>What the caller does not want to start a manifest with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestWarning>? Warnings { get; init; }

    /// <summary>The plan that the caller agreed to and the one there is now, by hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanMismatch? Plan { get; init; }

    public IResult AsResult() => HttpResults.Json(this, ResultJson.Options, "application/problem+json", Status);

    public static IResult OfManifest(IReadOnlyList<ManifestProblem> problems) =>
        new Problem(400, "manifest_invalid", "The manifest cannot be run.", Summary(problems.Sum(problem => problem.Count))) { Problems = problems }.AsResult();

    public static IResult OfWarnings(IReadOnlyList<ManifestWarning> warnings) =>
        new Problem(
            400, "warnings_refused", "The manifest has warnings, and none are wanted.",
            "Nothing was stored and no credit spent. Correct the manifest, or send it without strict.") { Warnings = warnings }.AsResult();

    /// <summary>A budget above <c>Limits:MaxBudgetCredits</c>.</summary>
    public static IResult BudgetAboveLimit(decimal? budget, decimal highest, string advice) =>
        new Problem(
            400, "budget_above_limit",
            string.Create(CultureInfo.InvariantCulture, $"A budget of {budget} credits is above the highest that this app allows, {highest}."), advice).AsResult();

    public static IResult NotFound(string what) => new Problem(404, "not_found", $"There is no {what}.").AsResult();

    /// <summary>A command for jobs that a batch does not have.</summary>
    public static IResult NoSuchJobs(string batch, IReadOnlyList<string> ids)
    {
        const int shown = 10;
        var names = string.Join(", ", ids.Take(shown).Select(id => $"'{(id.Length > 100 ? id[..100] + "…" : id)}'"));
        var more = ids.Count > shown ? $" and {ids.Count - shown} more" : "";
        return new Problem(
            400, "invalid_arguments", $"'/jobs' cannot be {names}{more}.", $"Expected ids of jobs of batch '{batch}', as written there.").AsResult();
    }

    public static IResult Query(string name, string value, string expected) =>
        new Problem(400, "invalid_query", $"Query parameter '{name}' cannot be '{value}'.", $"Expected {expected}.").AsResult();

    private static string Summary(int count) =>
        $"{count} problem{(count == 1 ? " was" : "s were")} found; nothing was stored and no credit spent.";
}

/// <summary>Two plans that should be the same.</summary>
internal sealed record PlanMismatch(string Agreed, string Now);
