namespace ClipiaFlows.Planning;

/// <summary>How long the longest chain is that starts with each job; finds the jobs that can never start.</summary>
internal static class ChainWeights
{
    /// <summary>Weights by job number.</summary>
    /// <param name="needs">Numbers of the jobs that each job waits for.</param>
    /// <param name="order">Every job behind all that it waits for.</param>
    /// <param name="length">How long a job takes by itself, compared with others.</param>
    public static int[] Of(IReadOnlyList<int[]> needs, IReadOnlyList<int> order, Func<int, int> length)
    {
        var weights = new int[needs.Count];
        foreach (var job in Enumerable.Reverse(order))
        {
            // What waits for it has been seen before, and left the longest of its chains here.
            weights[job] += length(job);
            foreach (var needed in needs[job])
                weights[needed] = Math.Max(weights[needed], weights[job]);
        }

        return weights;
    }

    /// <summary>Every job behind all that it needs, as far as that is possible.</summary>
    public static List<int> Order(IReadOnlyList<int[]> needs)
    {
        var dependents = new List<int>[needs.Count];
        for (var job = 0; job < needs.Count; job++)
        {
            foreach (var needed in needs[job])
                (dependents[needed] ??= []).Add(job);
        }

        var open = needs.Select(needed => needed.Length).ToArray();
        var order = new List<int>(Enumerable.Range(0, needs.Count).Where(job => open[job] == 0));
        for (var at = 0; at < order.Count; at++)
        {
            foreach (var dependent in dependents[order[at]] ?? [])
            {
                if (--open[dependent] == 0)
                    order.Add(dependent);
            }
        }

        return order;
    }
}
