namespace ClipiaFlows.Tests.Exploring;

/// <summary>What <see cref="BrokenCopy"/> calls in its copy of these tests; only types of the framework pass between the two.</summary>
internal static class BrokenCopyExploration
{
    public static async Task<string?> ExploreAsync(string scenario, int depth, int stops)
    {
        var found = await Explorer.ExploreAsync(Scenario.Named(scenario), new(depth, stops, FairEndOf: int.MaxValue));
        return found.Failures.Count == 0 ? null : found.Failures[0].ToString();
    }
}
