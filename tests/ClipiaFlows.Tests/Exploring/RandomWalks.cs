using System.Collections.Concurrent;
using System.Diagnostics;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>What random walks found.</summary>
internal sealed record WalkFindings(int Seed, int Walks, long Moves, IReadOnlyList<Failure> Failures, TimeSpan Took)
{
    public override string ToString() =>
        $"seed {Seed}: {Walks} walks, {Moves} moves, {Failures.Count} violations in {Took.TotalSeconds:F0} s"
        + string.Concat(Failures.Select(failure => $"\n{failure}"));
}

/// <summary>
/// Deeper than can be explored whole: random moves, each walk led to its fair end. A walk that violates something is made as
/// short as it can be.
/// </summary>
internal static class RandomWalks
{
    private const int MostFailures = 5;

    public static async Task<WalkFindings> WalkAsync(int seed, int walks, int depth)
    {
        var clock = Stopwatch.StartNew();
        var failures = new ConcurrentQueue<Failure>();
        long moves = 0;
        var threads = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };
        await Parallel.ForEachAsync(Enumerable.Range(0, walks), threads, async (i, _) =>
        {
            if (failures.Count >= MostFailures)
                return;
            var scenario = i % 2 == 0 ? Scenario.OneJob : Scenario.TwoJobs;
            var path = new List<string>();
            if (await WalkAsync(scenario, new Random(unchecked((seed * 31_337) + i)), depth, path) is not null)
                failures.Enqueue(await ShrinkAsync(scenario, path));
            Interlocked.Add(ref moves, path.Count);
        });
        return new(seed, walks, moves, [.. failures], clock.Elapsed);
    }

    /// <summary>Fewer moves that still violate something.</summary>
    public static async Task<Failure> ShrinkAsync(Scenario scenario, IReadOnlyList<string> moves)
    {
        var left = moves.ToList();
        var violation = await ViolationOfAsync(scenario, left);
        for (var size = left.Count / 2; size > 0; size /= 2)
        {
            for (var from = 0; from < left.Count;)
            {
                var fewer = left.Where((_, at) => at < from || at >= from + size).ToList();
                if (await ViolationOfAsync(scenario, fewer) is not { } other)
                {
                    from += size;
                    continue;
                }

                (left, violation) = (fewer, other);
            }
        }

        return new([scenario.Name, .. left], violation ?? "The violation does not come again.");
    }

    /// <summary>What the moves, with a fair end after them, violate; <c>null</c> for nothing. A move that is not possible is passed over.</summary>
    public static async Task<string?> ViolationOfAsync(Scenario scenario, IEnumerable<string> moves)
    {
        try
        {
            var world = await World.CreateAsync(scenario);
            foreach (var move in moves)
            {
                await Moves.TryMakeAsync(world, move);
                Invariants.Check(world);
            }

            await FairEnd.ReachAsync(world, []);
            return null;
        }
        catch (ViolationException violation)
        {
            return violation.Message;
        }
    }

    private static async Task<string?> WalkAsync(Scenario scenario, Random random, int depth, List<string> path)
    {
        try
        {
            var world = await World.CreateAsync(scenario);
            while (path.Count < depth)
            {
                path.Add(Moves.AnyOf(world, random));
                await Moves.TryMakeAsync(world, path[^1]);
                Invariants.Check(world);
            }

            await FairEnd.ReachAsync(world, []);
            return null;
        }
        catch (ViolationException violation)
        {
            return violation.Message;
        }
    }
}
