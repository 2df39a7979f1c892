using System.Globalization;
using Xunit.Abstractions;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// Every order of what can happen, to a depth (docs/failure-model.md, Interleavings). EXPLORE_DEPTH, EXPLORE_STOPS,
/// EXPLORE_FAIR_END_OF, WALKS, WALK_DEPTH and WALK_SEED set how far.
/// </summary>
public sealed class ExplorerTests(ITestOutputHelper output)
{
    // An ordinary run walks where the last one did; whoever looks for something new sets WALK_SEED.
    private const int UsualSeed = 20_261_126;

    [Theory]
    [InlineData("one job", 4, 0)]
    [InlineData("one job", 3, 1)]
    [InlineData("two dependent jobs", 4, 0)]
    [InlineData("one paused job", 4, 1)]
    public async Task Explore_EveryOrder_ViolatesNothing(string scenario, int depth, int stops)
    {
        var reach = new Reach(Setting("EXPLORE_DEPTH") ?? depth, Setting("EXPLORE_STOPS") ?? stops, Setting("EXPLORE_FAIR_END_OF") ?? 25);

        var found = await Explorer.ExploreAsync(Scenario.Named(scenario), reach);

        output.WriteLine($"{scenario}, depth {reach.Depth}, {reach.Stops} stops: {found}");
        Assert.True(found.Failures.Count == 0, found.ToString());
    }

    [Fact]
    public async Task Replay_TheSameMoves_ReachesTheSameState()
    {
        string[] moves = ["submit 0 lost", "heartbeat", "tick", "pause", "done 1", "submit 0 ok", "deliver 1", "restart", "copy 0 ok", "resume"];

        var states = new[] { await Explorer.ReplayAsync(Scenario.OneJob, moves), await Explorer.ReplayAsync(Scenario.OneJob, moves) };

        // Otherwise nothing would ever be the same, and no order would be explored but the first ones.
        Assert.Equal(Fingerprint.TextOf(states[0]), Fingerprint.TextOf(states[1]));
    }

    [Fact]
    public async Task Walk_RandomMoves_ViolatesNothing()
    {
        var found = await RandomWalks.WalkAsync(Setting("WALK_SEED") ?? UsualSeed, Setting("WALKS") ?? 300, Setting("WALK_DEPTH") ?? 30);

        output.WriteLine(found.ToString());
        Assert.True(found.Failures.Count == 0, found.ToString());
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
