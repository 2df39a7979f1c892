using System.Globalization;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Expands a manifest into the jobs of a batch, and tells what keeps it from being run.</summary>
/// <remarks>Pure: the same arguments give the same plan. Nothing is priced, stored or sent.</remarks>
public static class Planner
{
    /// <summary>Plans what was read; the problems of reading and of planning are told together.</summary>
    /// <param name="reading">What <see cref="ManifestReader.Read"/> gave.</param>
    /// <param name="batchId">Id of the batch, for <c>{{batch}}</c>.</param>
    /// <param name="catalogue">The models there are.</param>
    /// <param name="now">Time of planning; its UTC date is <c>{{date}}</c>.</param>
    /// <param name="cancellation">Ends the planning.</param>
    public static PlanOutcome Plan(
        ManifestReading reading, string batchId, ModelCatalogue catalogue, DateTimeOffset now, CancellationToken cancellation = default)
    {
        if (reading.Manifest is null)
            return new(null, reading.Problems);
        var planned = Plan(reading.Manifest, batchId, catalogue, now, cancellation);
        return reading.Problems.Count == 0 && planned.Problems.Count == 0
            ? planned with { Warnings = reading.WithLines(planned.Warnings) }
            : new(null, [.. reading.Problems, .. reading.WithLines(planned.Problems)]);
    }

    /// <summary>Plans a manifest that was read without problems.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="batchId">Id of the batch, for <c>{{batch}}</c>.</param>
    /// <param name="catalogue">The models there are.</param>
    /// <param name="now">Time of planning; its UTC date is <c>{{date}}</c>.</param>
    /// <param name="cancellation">Ends the planning.</param>
    public static PlanOutcome Plan(
        Manifest manifest, string batchId, ModelCatalogue catalogue, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var problems = new ProblemList();
        TellDeadline(manifest.Policy, now, problems);
        var warnings = new WarningList();
        try
        {
            var plan = new ManifestPlanning(manifest, batchId, catalogue, now, problems, warnings, new(cancellation)).Run();
            return problems.IsEmpty ? new(plan, []) { Warnings = warnings.ToList() } : new(null, problems.ToList());
        }
        catch (ManifestTooComplexException)
        {
            problems.AddAnyway(
                ProblemCodes.ManifestTooComplex, "", $"at most {ManifestLimits.MaxPlanningSteps} steps of planning",
                "The manifest multiplies variables, jobs or matrix rules so often that it is not planned to the end. Split it into several manifests.");
            return new(null, problems.ToList());
        }
    }

    private static void TellDeadline(ManifestPolicy policy, DateTimeOffset now, ProblemList problems)
    {
        if (policy.Deadline is not { } deadline || deadline > now)
            return;
        problems.Add(
            ProblemCodes.DeadlinePassed, "/policy/deadline", deadline.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture),
            "a moment in the future", "The deadline is over already, so nothing would be submitted.");
    }
}
