namespace ClipiaFlows.Planning;

/// <summary>Finds one shortest cycle in every knot of jobs that wait for each other.</summary>
internal static class Cycles
{
    /// <summary>Each cycle as job numbers, where every job needs the next and the last needs the first.</summary>
    /// <param name="needs">Numbers of the needed jobs by job number.</param>
    /// <param name="stuck">The jobs on or behind a cycle; nobody else is looked at.</param>
    public static IEnumerable<List<int>> Find(IReadOnlyList<int[]> needs, HashSet<int> stuck)
    {
        var knots = Knots(needs, stuck);
        foreach (var knot in knots.GroupBy(job => job.Value, job => job.Key).OrderBy(knot => knot.Min()))
        {
            var first = knot.Min();
            if (knot.Count() > 1 || needs[first].Contains(first))
                yield return Shortest(first, needs, job => knots.TryGetValue(job, out var id) && id == knot.Key);
        }
    }

    private static List<int> Shortest(int first, IReadOnlyList<int[]> needs, Func<int, bool> isInKnot)
    {
        var cameFrom = new Dictionary<int, int>();
        var queue = new Queue<int>([first]);
        while (!cameFrom.ContainsKey(first))
        {
            var job = queue.Dequeue();
            foreach (var needed in needs[job].Where(isInKnot))
            {
                if (cameFrom.TryAdd(needed, job))
                    queue.Enqueue(needed);
            }
        }

        var cycle = new List<int>();
        for (var job = cameFrom[first]; job != first; job = cameFrom[job])
            cycle.Add(job);
        cycle.Add(first);
        cycle.Reverse();
        return cycle;
    }

    /// <summary>Tarjan's strongly connected components, with a stack of its own because chains can be 100,000 long.</summary>
    private static Dictionary<int, int> Knots(IReadOnlyList<int[]> needs, HashSet<int> stuck)
    {
        var knotOf = new Dictionary<int, int>();
        var index = new Dictionary<int, int>();
        var low = new Dictionary<int, int>();
        var open = new Stack<int>();
        foreach (var root in stuck.Order().Where(root => !index.ContainsKey(root)))
        {
            var walk = new Stack<(int Job, int Next)>([(root, 0)]);
            while (walk.TryPop(out var at))
            {
                if (at.Next == 0)
                {
                    index[at.Job] = low[at.Job] = index.Count;
                    open.Push(at.Job);
                }
                else
                    Lower(at.Job, needs[at.Job][at.Next - 1]);

                var next = at.Next;
                while (next < needs[at.Job].Length && (!stuck.Contains(needs[at.Job][next]) || index.ContainsKey(needs[at.Job][next])))
                    Lower(at.Job, needs[at.Job][next++]);

                if (next < needs[at.Job].Length)
                {
                    walk.Push((at.Job, next + 1));
                    walk.Push((needs[at.Job][next], 0));
                }
                else if (low[at.Job] == index[at.Job])
                {
                    int member;
                    do
                        knotOf[member = open.Pop()] = at.Job;
                    while (member != at.Job);
                }
            }
        }

        return knotOf;

        void Lower(int job, int needed)
        {
            if (low.TryGetValue(needed, out var reached) && !knotOf.ContainsKey(needed))
                low[job] = Math.Min(low[job], reached);
        }
    }
}
