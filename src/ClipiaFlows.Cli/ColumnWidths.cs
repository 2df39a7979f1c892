using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClipiaFlows.Cli;

/// <summary>Shares the width of a terminal among the columns of a table.</summary>
internal static class ColumnWidths
{
    private const int LeastOfText = 8;

    // A space on both sides of each cell, and a border before the first, between any two, and after the last.
    private const int AroundCell = 3;

    /// <summary>The widths of as many columns, from the left, as fit: one at least.</summary>
    public static IReadOnlyList<int> Fit(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, int screen)
    {
        var whole = columns
            .Select((column, index) => rows.Select(row => Of(row[index])).Append(Of(column.TrimStart('#'))).Max())
            .ToList();
        var widths = whole
            .Select((width, index) => index == 0 || columns[index].StartsWith('#') ? width : Math.Min(width, LeastOfText))
            .ToList();
        // What cannot be whole anyway leaves some room for what is said of it.
        if (whole[0] > screen - 1 - AroundCell)
            widths[0] = screen * 2 / 3;
        while (widths.Count > 1 && Left() < 0)
            widths.RemoveAt(widths.Count - 1);
        widths[0] = Math.Max(1, widths[0] + Math.Min(0, Left()));
        for (var index = 0; index < widths.Count; index++)
            widths[index] += Math.Clamp(Left(), 0, whole[index] - widths[index]);
        return widths;

        int Left() => screen - 1 - widths.Sum(width => width + AroundCell);
    }

    /// <summary>As much of a text as fits into that width, with an ellipsis when that is not all.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var kept = new System.Text.StringBuilder();
        var used = 1;
        foreach (var letter in text.EnumerateRunes())
        {
            used += Of(letter.ToString());
            if (used > width)
                break;
            kept.Append(letter);
        }

        return kept.Append('…').ToString();
    }

    private static int Of(string text) => Segment.CellCount([new Segment(text)]);
}
