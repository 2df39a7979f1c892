using System.Globalization;
using ClipiaFlows.Cli.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClipiaFlows.Cli.Watching;

/// <summary>A snapshot drawn for a terminal: a bar of the states, and as many jobs as the height allows.</summary>
internal static class ProgressPicture
{
    // Heading, reason, bar with its legend (which may wrap), the table's frame, and the line that counts the hidden jobs.
    private const int HeightOfTheRest = 12;

    // Each may wrap once.
    private const int MaxWaitingLines = 2;

    private static readonly Dictionary<string, Color> Colors = new(StringComparer.OrdinalIgnoreCase)
    {
        ["waiting"] = Color.Grey37, ["ready"] = Color.Grey62, ["submitting"] = Color.Yellow, ["generating"] = Color.DodgerBlue1,
        ["copying"] = Color.Turquoise2, ["succeeded"] = Color.Green3, ["failed"] = Color.Red1, ["canceled"] = Color.Orange3,
        ["skipped"] = Color.Orange1, ["unresolved"] = Color.Magenta1,
    };

    // What moves comes first, then what went wrong, then what is done, then what has not begun.
    private static readonly string[] Order =
        ["Copying", "Generating", "Submitting", "Failed", "Unresolved", "Canceled", "Skipped", "Succeeded", "Ready", "Waiting"];

    public static IRenderable Draw(Snapshot snapshot, int terminalHeight, int terminalWidth)
    {
        var (batch, jobs) = snapshot;
        var waits = WaitingText.LinesOf(batch).Take(MaxWaitingLines).ToList();
        var rows = Math.Max(3, terminalHeight - HeightOfTheRest - (2 * waits.Count));
        var shown = jobs.OrderBy(job => Array.IndexOf(Order, job.State)).ThenBy(job => job.N).Take(rows).ToList();
        var parts = new List<IRenderable> { Heading(batch), Bar(batch.Jobs) };
        parts.AddRange(waits.Select(line => new Markup($"[grey]{Markup.Escape(line)}[/]")));
        parts.Add(new Text(""));
        if (shown.Count > 0)
            parts.Add(Table(shown, terminalWidth));
        if (batch.Jobs.Total > shown.Count)
            parts.Add(new Markup($"[grey]and {batch.Jobs.Total - shown.Count} more[/]"));
        return new Rows(parts);
    }

    private static Markup Heading(Batch batch)
    {
        var charged = batch.Credits.Charged is { } credits ? $", {credits.ToString(CultureInfo.InvariantCulture)} credits charged" : "";
        var reason = batch.Reason is { Length: > 0 } why ? $"\n[orange1]{Escape(why)}[/]" : "";
        return new Markup(
            $"[bold]{Escape(batch.Name ?? batch.Id)}[/] {Escape(batch.State)}: {batch.Jobs.Finished} of {batch.Jobs.Total} done{charged}{reason}");
    }

    private static BreakdownChart Bar(JobCounts jobs)
    {
        var chart = new BreakdownChart();
        foreach (var (state, count) in jobs.Present())
            chart.AddItem(state, count, Colors[state]);
        return chart;
    }

    private static Table Table(IReadOnlyList<Job> jobs, int terminalWidth)
    {
        string[] columns = ["job", "model", "state", "#credits"];
        var rows = jobs.Select(job => new[]
        {
            TerminalText.OnOneLine(job.Id), TerminalText.OnOneLine(job.Model), TerminalText.OnOneLine(StateOf(job)),
            job.Cost?.ToString(CultureInfo.InvariantCulture) ?? "",
        }).ToList();
        var widths = ColumnWidths.Fit(columns, rows, terminalWidth);
        var shown = Enumerable.Range(0, columns.Length).Where(index => widths[index] > 0).ToList();
        var table = new Table().RoundedBorder().BorderColor(Color.Grey37);
        foreach (var index in shown)
            table.AddColumn(new TableColumn(new Text(ColumnWidths.Cut(columns[index].TrimStart('#'), widths[index]))).Width(widths[index]).NoWrap());
        foreach (var (job, row) in jobs.Zip(rows))
        {
            table.AddRow(shown.Select(index => new Text(
                ColumnWidths.Cut(row[index], widths[index]), columns[index] == "state" ? new Style(ColorOf(job.State)) : null)));
        }

        return table;
    }

    private static Color ColorOf(string state) => Colors.GetValueOrDefault(state, Color.Default);

    private static string StateOf(Job job) =>
        job.Error is { } error ? $"{job.State.ToLowerInvariant()}: {error.Code}" : job.State.ToLowerInvariant();

    private static string Escape(string text) => Markup.Escape(TerminalText.OnOneLine(text));
}
