using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>What came of planning.</summary>
/// <param name="Plan">The plan; null when there is any problem.</param>
/// <param name="Problems">Everything that keeps the manifest from being run; empty when there is a plan.</param>
public sealed record PlanOutcome(Plan? Plan, IReadOnlyList<ManifestProblem> Problems)
{
    /// <summary>What can be run and probably would waste credits; empty when there is no plan.</summary>
    public IReadOnlyList<ManifestWarning> Warnings { get; init; } = [];
}
