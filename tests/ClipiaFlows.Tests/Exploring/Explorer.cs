using System.Collections.Concurrent;
using System.Diagnostics;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>What an exploration found.</summary>
/// <param name="States">Distinct states.</param>
/// <param name="Edges">Moves made from them.</param>
/// <param name="Ends">States at the full depth whose fair end was reached.</param>
/// <param name="Failures">Moves that lead to a violation, and which; empty when all is well.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Cpu">How long the processors were busy.</param>
internal sealed record Findings(int States, long Edges, int Ends, IReadOnlyList<(string[] Path, string Violation)> Failures, TimeSpan Took, TimeSpan Cpu)
{
    public override string ToString() =>
        $"{States} states, {Edges} edges, {Ends} fair ends, {Failures.Count} violations in {Took.TotalSeconds:F1} s ({Cpu.TotalSeconds:F1} s of processor time)";
}

/// <summary>
/// Breadth-first over distinct states. A state is reached again by making its moves again, since what the process holds in
/// memory cannot be copied.
/// </summary>
internal static class Explorer
{
    private const int MostFailures = 10;

    public static async Task<Findings> ExploreAsync(Scenario scenario, int depth, int fairEndOf = 1, int stops = 1, int threads = 2)
    {
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var seen = new ConcurrentDictionary<UInt128, bool>();
        var failures = new ConcurrentQueue<(string[], string)>();
        long edges = 0;
        var ends = 0;
        var level = new ConcurrentBag<Node>();
        var root = await World.CreateAsync(scenario, stops);
        seen.TryAdd(Fingerprint.Of(root), true);
        var current = new List<Node> { new(null, "") };
        for (var reached = 0; reached < depth && failures.Count < MostFailures; reached++)
        {
            var isLast = reached + 1 == depth;
            level.Clear();
            await Parallel.ForEachAsync(current, new ParallelOptions { MaxDegreeOfParallelism = threads }, async (node, _) =>
            {
                if (failures.Count < MostFailures)
                    await ExpandAsync(node, isLast);
            });
            current = [.. level];
        }

        return new(seen.Count, edges, ends, [.. failures], clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);

        async Task ExpandAsync(Node node, bool isLast)
        {
            var path = node.Path();
            var moves = Moves.Of(await ReplayAsync(scenario, path, stops));
            foreach (var move in moves)
            {
                var child = new Node(node, move);
                var fair = new List<string>();
                try
                {
                    var world = await ReplayAsync(scenario, path, stops);
                    if (!await Moves.TryMakeAsync(world, move))
                        continue;
                    Interlocked.Increment(ref edges);
                    Invariants.Check(world);
                    var print = Fingerprint.Of(world);
                    if (!seen.TryAdd(print, true))
                        continue;
                    level.Add(child);
                    if (!isLast || print % (uint)fairEndOf != 0)
                        continue;
                    await FairEnd.ReachAsync(world, fair);
                    Interlocked.Increment(ref ends);
                }
                catch (ViolationException violation)
                {
                    failures.Enqueue(([.. child.Path(), .. fair.Count == 0 ? fair : ["→", .. fair]], violation.Message));
                }
            }
        }
    }

    /// <summary>The state that the moves lead to.</summary>
    public static async Task<World> ReplayAsync(Scenario scenario, IEnumerable<string> moves, int stops = int.MaxValue)
    {
        var world = await World.CreateAsync(scenario, stops);
        foreach (var move in moves)
            await Moves.TryMakeAsync(world, move);
        return world;
    }

    private sealed record Node(Node? Parent, string Move)
    {
        public string[] Path()
        {
            var moves = new List<string>();
            for (var node = this; node.Parent is not null; node = node.Parent)
                moves.Add(node.Move);
            moves.Reverse();
            return [.. moves];
        }
    }
}
