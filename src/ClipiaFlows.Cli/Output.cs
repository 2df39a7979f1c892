using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ClipiaFlows.Cli;

/// <summary>Results on standard output: tables for people, JSON for machines.</summary>
internal static class Output
{
    private const int WidthWithoutTerminal = 160;

    /// <summary>
    /// A table that fits the terminal: what is too long is cut, and what does not fit at all is left out from the right; the
    /// first column, by which things are named, and the state go last. Columns that begin with <c>#</c> are for numbers.
    /// </summary>
    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var cells = rows.Select(row => row.Select(cell => TerminalText.OnOneLine(cell ?? "")).ToList()).ToList();
        var screen = Terminal.OnOutput();
        if (!screen.Profile.Out.IsTerminal)
            screen.Profile.Width = WidthWithoutTerminal;
        var table = new Table { Border = TableBorder.Simple, Expand = false };
        var widths = ColumnWidths.Fit(columns, cells, screen.Profile.Width);
        var shown = Enumerable.Range(0, columns.Count).Where(index => widths[index] > 0).ToList();
        foreach (var index in shown)
        {
            var (column, width) = (columns[index], widths[index]);
            var title = ColumnWidths.Cut(column.TrimStart('#'), width);
            var header = new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))).Width(width).NoWrap();
            table.AddColumn(column.StartsWith('#') ? header.RightAligned() : header);
        }

        foreach (var row in cells)
            table.AddRow(shown.Select(index => new Text(ColumnWidths.Cut(row[index], widths[index]))));
        screen.Write(table);
    }

    /// <summary>A table, or the sentence when there is nothing to show.</summary>
    public static void Table(IReadOnlyList<string> columns, IReadOnlyCollection<IReadOnlyList<string?>> rows, string whenEmpty)
    {
        if (rows.Count == 0)
            Console.Out.WriteLine(whenEmpty);
        else
            Table(columns, rows);
    }

    /// <summary>One line of a result.</summary>
    public static void Line(string text) => Console.Out.WriteLine(TerminalText.Shorten(TerminalText.OnOneLine(text)));

    /// <summary>What the app answered.</summary>
    public static void Json(JsonElement answer) => Console.Out.WriteLine(Text(answer));

    /// <summary>One JSON array of what the app answered.</summary>
    public static void Json(IEnumerable<JsonElement> entries) =>
        Console.Out.WriteLine($"[{string.Join(",\n ", entries.Select(Text))}]");

    // Between its tokens only: within text JSON escapes them.
    private static string Text(JsonElement answer) => answer.GetRawText().Replace('\r', ' ').Replace('\t', ' ');

    /// <summary>A number for people.</summary>
    public static string Number(decimal? value) => value?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A moment for people, in local time.</summary>
    public static string Moment(DateTimeOffset? value) => value?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
