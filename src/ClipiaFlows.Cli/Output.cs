using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ClipiaFlows.Cli;

/// <summary>Results on standard output: tables for people, JSON for machines.</summary>
internal static class Output
{
    private const int WidthWithoutTerminal = 160;

    /// <summary>
    /// A table that fits the terminal: what is too long is cut, and what does not fit at all is left out from the right, so that
    /// the first column, by which things are named, stays whole. Columns that begin with <c>#</c> are for numbers.
    /// </summary>
    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var cells = rows.Select(row => row.Select(cell => OnOneLine(cell ?? "")).ToList()).ToList();
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (!screen.Profile.Out.IsTerminal)
            screen.Profile.Width = WidthWithoutTerminal;
        var table = new Table { Border = TableBorder.Simple, Expand = false };
        var widths = ColumnWidths.Fit(columns, cells, screen.Profile.Width);
        foreach (var (column, width) in columns.Zip(widths))
        {
            var isNumber = column.StartsWith('#');
            var title = ColumnWidths.Cut(column.TrimStart('#'), width);
            var header = new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))).Width(width).NoWrap();
            table.AddColumn(isNumber ? header.RightAligned() : header);
        }

        foreach (var row in cells)
            table.AddRow(row.Zip(widths, (cell, width) => new Text(ColumnWidths.Cut(cell, width))));
        screen.Write(table);
    }

    /// <summary>
    /// Text of others as it may stand on a terminal: control characters, which would steer it, and those that turn the direction of
    /// text become spaces.
    /// </summary>
    public static string OnOneLine(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(letter =>
        char.IsControl(letter) || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? ' ' : letter));

    /// <summary>One JSON array of what the app answered.</summary>
    public static void Json(IEnumerable<JsonElement> entries) =>
        Console.Out.WriteLine($"[{string.Join(",\n ", entries.Select(entry => entry.GetRawText()))}]");

    /// <summary>A number for people.</summary>
    public static string Number(decimal? value) => value?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A moment for people, in local time.</summary>
    public static string Moment(DateTimeOffset? value) => value?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
