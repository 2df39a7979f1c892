using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ClipiaFlows.Cli;

/// <summary>Results on standard output: tables for people, JSON for machines.</summary>
internal static class Output
{
    private const int WidthWithoutTerminal = 160;

    /// <summary>A table that fits the terminal: what is too long is cut. Columns that begin with <c>#</c> are for numbers.</summary>
    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (!screen.Profile.Out.IsTerminal)
            screen.Profile.Width = WidthWithoutTerminal;
        var table = new Table { Border = TableBorder.Simple, Expand = false };
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('#');
            var header = new TableColumn(new Text(column.TrimStart('#'), new Style(decoration: Decoration.Bold))).NoWrap();
            table.AddColumn(isNumber ? header.RightAligned() : header);
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text((cell ?? "").ReplaceLineEndings(" ")).Ellipsis()));
        screen.Write(table);
    }

    /// <summary>One JSON array of what the app answered.</summary>
    public static void Json(IEnumerable<JsonElement> entries) =>
        Console.Out.WriteLine($"[{string.Join(",\n ", entries.Select(entry => entry.GetRawText()))}]");

    /// <summary>A number for people.</summary>
    public static string Number(decimal? value) => value?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A moment for people, in local time.</summary>
    public static string Moment(DateTimeOffset? value) => value?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
