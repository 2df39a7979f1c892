namespace ClipiaFlows.Manifests;

/// <summary>Finds what somebody probably meant. Keeps a budget, so that a hopeless manifest cannot take the time.</summary>
internal sealed class Nearest
{
    private const int MaxLength = 100;
    private long _stepsLeft = 5_000_000;

    public string? To(string written, IEnumerable<string> candidates)
    {
        if (written.Length is 0 or > MaxLength)
            return null;

        string? best = null;
        var limit = Math.Max(1, written.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (--_stepsLeft <= 0)
                break;
            if (Math.Abs(candidate.Length - written.Length) >= limit)
                continue;
            _stepsLeft -= written.Length * Math.Min(candidate.Length, 2 * limit);
            var distance = Distance(written, candidate, limit);
            if (distance < limit)
                (best, limit) = (candidate, distance);
        }

        return best;
    }

    /// <summary>
    /// Single edits and swaps of neighbors between two words, ignoring case; the limit when there are as many or more. Only
    /// cells that can be part of a shorter way are computed.
    /// </summary>
    private static int Distance(string left, string right, int limit)
    {
        Span<int> older = stackalloc int[right.Length + 1];
        Span<int> above = stackalloc int[right.Length + 1];
        Span<int> row = stackalloc int[right.Length + 1];
        older.Fill(limit);
        for (var j = 0; j <= right.Length; j++)
            above[j] = Math.Min(j, limit);

        for (var i = 1; i <= left.Length; i++)
        {
            row.Fill(limit);
            row[0] = Math.Min(i, limit);
            var least = row[0];
            for (var j = Math.Max(1, i - limit + 1); j <= Math.Min(right.Length, i + limit - 1); j++)
            {
                var same = Same(left[i - 1], right[j - 1]);
                var cell = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    cell = Math.Min(cell, older[j - 2] + 1);
                row[j] = Math.Min(cell, limit);
                least = Math.Min(least, row[j]);
            }

            // A swap may still come from the row above.
            if (least >= limit && above.IndexOfAnyInRange(0, limit - 2) < 0)
                return limit;
            var spare = older;
            older = above;
            above = row;
            row = spare;
        }

        return above[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
