using System.Globalization;
using System.Text;

namespace ClipiaFlows.Planning;

/// <summary>
/// Which jobs of a plan are equal. A class's first job is the one that no other of the class can stand before in a chain, so
/// that waiting for it never closes a circle.
/// </summary>
internal static class ReuseClasses
{
    /// <summary>As below, for a plan as it is.</summary>
    public static int[] Of(IReadOnlyList<PlannedJob> jobs) =>
        Of(jobs, ChainWeights.Order(jobs.Select(job => job.Needs as int[] ?? [.. job.Needs]).ToList()));

    /// <summary>For each job the number of its class's first job, which is its own number for that one.</summary>
    /// <param name="jobs">The jobs; their needs have no cycle.</param>
    /// <param name="order">Every job behind all that it needs.</param>
    public static int[] Of(IReadOnlyList<PlannedJob> jobs, IReadOnlyList<int> order)
    {
        var numbers = jobs.ToDictionary(job => job.Id, job => job.N, StringComparer.Ordinal);
        var firsts = new int[jobs.Count];
        var byKey = new Dictionary<string, int>(jobs.Count, StringComparer.Ordinal);
        foreach (var n in order)
        {
            var job = jobs[n];
            var key = ReuseKey.Of(job.Model, job.Input, job.Replica, text => WithClasses(text, numbers, firsts));
            byKey.TryAdd(key, n);
            firsts[n] = byKey[key];
        }

        return firsts;
    }

    /// <summary>References to equal jobs are equal; they stand between single NULs, and those that are written are doubled.</summary>
    private static string WithClasses(string text, Dictionary<string, int> numbers, int[] firsts)
    {
        if (!text.Contains("${{", StringComparison.Ordinal))
            return Doubled(text);
        var written = new StringBuilder();
        foreach (var part in PlannedText.Split(text))
        {
            if (part.Reference is { } reference)
                written.Append(CultureInfo.InvariantCulture, $"\0{firsts[numbers[reference.JobId]]}{reference.Path}\0");
            else
                written.Append(Doubled(part.Text));
        }

        return written.ToString();
    }

    private static string Doubled(string text) => text.Replace("\0", "\0\0", StringComparison.Ordinal);
}
