using Xunit.Abstractions;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Every order of what can happen, to a depth (docs/failure-model.md, Interleavings).</summary>
public sealed class ExplorerTests(ITestOutputHelper output)
{
    private static readonly int? Depth = int.TryParse(Environment.GetEnvironmentVariable("EXPLORE_DEPTH"), out var depth) ? depth : null;

    private static readonly int FairEndOf = int.TryParse(Environment.GetEnvironmentVariable("EXPLORE_FAIR_END_OF"), out var n) ? n : 20;

    [Theory, InlineData("one job", 3), InlineData("two dependent jobs", 3)]
    public async Task Explore_EveryOrder_ViolatesNothing(string scenario, int depth)
    {
        var found = await Explorer.ExploreAsync(Scenario.Named(scenario), Depth ?? depth, FairEndOf);

        output.WriteLine($"{scenario}, depth {Depth ?? depth}: {found}");
        Assert.True(found.Failures.Count == 0, string.Join("\n", found.Failures.Select(one => $"{one.Violation}\n  {string.Join(", ", one.Path)}")));
    }
}
