namespace ClipiaFlows.Manifests;

/// <summary>Finds what somebody probably meant. Keeps a budget, so that a hopeless manifest cannot take the time.</summary>
internal sealed class Nearest
{
    private const int LongestCompared = 120;
    private int _comparisonsLeft = 200_000;

    public string? To(string written, IEnumerable<string> candidates)
    {
        if (written.Length is 0 or > LongestCompared)
            return null;

        string? best = null;
        var limit = Math.Max(1, written.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - written.Length) >= limit)
                continue;
            if (_comparisonsLeft-- <= 0)
                break;
            var distance = Distance(written, candidate);
            if (distance < limit)
                (best, limit) = (candidate, distance);
        }

        return best;
    }

    /// <summary>Single edits and swaps of neighbours between two words, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        Span<int> older = stackalloc int[right.Length + 1];
        Span<int> above = stackalloc int[right.Length + 1];
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            above[j] = j;

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = Same(left[i - 1], right[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
            }

            var spare = older;
            older = above;
            above = row;
            row = spare;
        }

        return above[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
