using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClipiaFlows.Cli;

/// <summary>Shares the width of a terminal among the columns of a table.</summary>
internal static class ColumnWidths
{
    private const int MinText = 8;
    private const int MinState = 10;

    // A space on both sides of each cell, and a border before the first, between any two, and after the last.
    private const int AroundCell = 3;

    /// <summary>
    /// The widths of the columns, 0 for one that is left out: those at the right first, the state after all others, the first never.
    /// </summary>
    public static IReadOnlyList<int> Fit(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, int screen)
    {
        var whole = columns
            .Select((column, index) => rows.Select(row => Of(row[index])).Append(Of(column.TrimStart('#'))).Max())
            .ToList();
        var widths = whole.Select((width, index) =>
            index == 0 || columns[index].StartsWith('#') ? width : Math.Min(width, IsState(index) ? MinState : MinText)).ToList();
        // An id that leaves no room for the rest is cut, as long as enough of it remains to recognize it.
        var state = columns.Index().Where(column => IsState(column.Index)).Select(column => widths[column.Index] + AroundCell).Sum();
        widths[0] = Math.Clamp(screen - 1 - AroundCell - state, Math.Min(whole[0], MinText), whole[0]);
        if (whole[0] > screen - 1 - AroundCell)
            widths[0] = Math.Min(widths[0], Math.Max(1, screen * 2 / 3));
        for (var index = columns.Count - 1; index > 0 && Left() < 0; index--)
        {
            if (!IsState(index))
                widths[index] = 0;
        }

        for (var index = columns.Count - 1; index > 0 && Left() < 0; index--)
            widths[index] = 0;
        widths[0] = Math.Max(1, widths[0] + Math.Min(0, Left()));
        for (var index = 0; index < widths.Count; index++)
        {
            if (widths[index] > 0)
                widths[index] += Math.Clamp(Left(), 0, whole[index] - widths[index]);
        }

        return widths;

        bool IsState(int index) => columns[index].Equals("State", StringComparison.OrdinalIgnoreCase);

        int Left() => screen - 1 - widths.Where(width => width > 0).Sum(width => width + AroundCell);
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
