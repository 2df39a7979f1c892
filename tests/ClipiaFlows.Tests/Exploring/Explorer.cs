using System.Diagnostics;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>What an exploration found.</summary>
/// <param name="States">Distinct states.</param>
/// <param name="Edges">Moves made from them.</param>
/// <param name="Ends">States at the full depth whose fair end was reached.</param>
/// <param name="Failures">Moves that lead to a violation, and which; empty when all is well.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Cpu">How long the processors were busy.</param>
internal sealed record Findings(int States, long Edges, int Ends, IReadOnlyList<Failure> Failures, TimeSpan Took, TimeSpan Cpu)
{
    public override string ToString() =>
        $"{States} states, {Edges} edges, {Ends} fair ends, {Failures.Count} violations in {Took.TotalSeconds:F0} s ({Cpu.TotalSeconds:F0} s of processor time)"
        + string.Concat(Failures.Select(failure => $"\n{failure}"));
}

/// <summary>Moves that lead to a violation.</summary>
internal sealed record Failure(IReadOnlyList<string> Moves, string Violation)
{
    public override string ToString() => $"{Violation}\n    {string.Join(", ", Moves.Select(move => $"\"{move}\""))}";
}

/// <summary>How far is explored.</summary>
/// <param name="Depth">Moves one after the other at most.</param>
/// <param name="Stops">Flights that are stopped in between at most, in one sequence of moves.</param>
/// <param name="FairEndOf">Of that many states at the full depth one is led to its fair end.</param>
internal sealed record Reach(int Depth, int Stops, int FairEndOf);

/// <summary>
/// Breadth-first over distinct states. A state is reached again by making its moves again, since what the process holds in
/// memory cannot be copied.
/// </summary>
internal static class Explorer
{
    private const int MostFailures = 10;

    public static async Task<Findings> ExploreAsync(Scenario scenario, Reach reach)
    {
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var failures = new List<Failure>();
        var seen = new HashSet<UInt128> { Fingerprint.Of(await World.CreateAsync(scenario, reach.Stops)) };
        var level = new List<Node> { new(null, "") };
        long edges = 0;
        for (var depth = 0; depth < reach.Depth && failures.Count < MostFailures; depth++)
        {
            var children = new List<Child>[level.Count];
            await Parallel.ForEachAsync(Enumerable.Range(0, level.Count), Threads, async (i, _) => children[i] = await ExpandAsync(scenario, reach, level[i]));
            edges += children.Sum(some => some.Count);
            failures.AddRange(children.SelectMany(some => some).Where(child => child.Violation is not null).Select(child => new Failure(child.Node.Path(), child.Violation!)));
            // In the order of the nodes, so that the same exploration finds the same states every time.
            level = [.. children.SelectMany(some => some).Where(child => child.Violation is null && seen.Add(child.Print)).Select(child => child.Node)];
        }

        var ends = level.Where((_, i) => i % reach.FairEndOf == 0).ToList();
        var unfair = new Failure?[ends.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, ends.Count), Threads, async (i, _) => unfair[i] = await EndAsync(scenario, reach, ends[i]));
        failures.AddRange(unfair.OfType<Failure>());
        return new(seen.Count, edges, ends.Count, failures, clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    /// <summary>The state that the moves lead to.</summary>
    public static async Task<World> ReplayAsync(Scenario scenario, IEnumerable<string> moves, int stops = int.MaxValue)
    {
        var world = await World.CreateAsync(scenario, stops);
        foreach (var move in moves)
            await Moves.TryMakeAsync(world, move);
        return world;
    }

    private static ParallelOptions Threads => new() { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };

    private static async Task<List<Child>> ExpandAsync(Scenario scenario, Reach reach, Node node)
    {
        var path = node.Path();
        var children = new List<Child>();
        var world = await ReplayAsync(scenario, path, reach.Stops);
        foreach (var move in Moves.Of(world))
        {
            world ??= await ReplayAsync(scenario, path, reach.Stops);
            if (await TryAsync(world, new Node(node, string.Intern(move))) is { } child)
                children.Add(child);
            world = null;
        }

        return children;
    }

    private static async Task<Child?> TryAsync(World world, Node child)
    {
        try
        {
            if (!await Moves.TryMakeAsync(world, child.Move))
                return null;
            Invariants.Check(world);
            return new(child, Fingerprint.Of(world), null);
        }
        catch (ViolationException violation)
        {
            return new(child, 0, violation.Message);
        }
    }

    private static async Task<Failure?> EndAsync(Scenario scenario, Reach reach, Node node)
    {
        var made = new List<string>();
        try
        {
            await FairEnd.ReachAsync(await ReplayAsync(scenario, node.Path(), reach.Stops), made);
            return null;
        }
        catch (ViolationException violation)
        {
            return new([.. node.Path(), FairEnd.Mark, .. made], violation.Message);
        }
    }

    private readonly record struct Child(Node Node, UInt128 Print, string? Violation);

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
