using System.Globalization;
using ClipiaFlows.Cli.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClipiaFlows.Cli.Planning;

/// <summary>A plan drawn for a terminal.</summary>
internal static class PlanPicture
{
    public static IRenderable Draw(Plan plan)
    {
        var parts = new List<IRenderable>
        {
            new Markup($"[bold]{Escape(plan.Name ?? "Plan")}[/]: {Count(plan.Counts.Total, "job")}, [bold]{Credits(plan.Credits.Total)}[/]"),
            Groups(plan),
            Facts(plan),
        };
        if (plan.Jobs.Count > 0)
            parts.Add(Jobs(plan));
        parts.AddRange(Warnings(plan).Select(text => new Markup($"[orange1]{Escape(text)}[/]")));
        parts.Add(new Text($"Plan {plan.Hash}"));
        return new Rows(parts);
    }

    /// <summary>One line such as <c>15 jobs, 154 credits of 1000</c>.</summary>
    public static string Summary(Plan plan) =>
        $"{Count(plan.Counts.Total, "job")}, {Credits(plan.Credits.Total)} of {Number(plan.Credits.Balance)}, about {Span(plan.Forecast.ExpectedSeconds)}";

    public static IEnumerable<string> Warnings(Plan plan)
    {
        if (plan.Credits.BalanceAfter < 0)
            yield return $"The balance is {Credits(-plan.Credits.BalanceAfter)} too low: the batch would pause until there are more.";
        if (plan.OverBudget is { } over)
        {
            var then = over.OnBudget == "stop" ? "be cancelled" : "wait for a higher budget";
            yield return $"{Count(over.Jobs, "job")} of {Credits(over.Credits)} would not fit into the budget and {then}: {List(over.First, over.Jobs)}.";
        }

        foreach (var refused in plan.Refused)
            yield return $"The API would refuse {Count(refused.Jobs, "job")} ({refused.Code}): {List(refused.First, refused.Jobs)}. {refused.Message}";
        if (plan.Duplicates is { Reuse: "never" } same)
            yield return $"{Count(same.Jobs, "job")} equal others; policy.reuse 'batch' would save {Credits(same.Credits)}.";
        if (plan.Forecast.MeetsDeadline == false)
            yield return $"It is not expected to be done by its deadline, {plan.Forecast.Deadline:u}.";
        foreach (var warning in plan.Warnings)
            yield return $"Warning: {warning.Describe()}";
    }

    private static Table Groups(Plan plan)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey37)
            .AddColumn("model").AddColumn(Right("jobs")).AddColumn(Right("each")).AddColumn(Right("credits")).AddColumn(Right("takes"));
        foreach (var group in plan.Groups.Take(20))
        {
            table.AddRow(
                new Text(TerminalText.OnOneLine(group.Model)).Overflow(Overflow.Ellipsis), new Text(Number(group.Jobs)),
                new Text(group.Credits is { } each ? Number(each) : "-"), new Text(Number(group.Total)),
                new Text((group.IsMeasured ? "" : "~") + Span(group.UsualSeconds)));
        }

        if (plan.Groups.Count > 20)
            table.Caption($"and {plan.Groups.Count - 20} more prices");
        return table;
    }

    private static Grid Facts(Plan plan)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        var credits = plan.Credits;
        Add("balance", $"{Number(credits.Balance)}, then {Number(credits.BalanceAfter)}");
        if (credits.Budget is { } budget)
            Add("budget", Number(budget));
        if (plan.Sample is { } sample)
            Add("sample", $"{Count(sample.Jobs, "job")} for {Credits(sample.Credits)}, then it waits for approval");
        if (credits.Saved > 0)
            Add("reuse", $"saves {Credits(credits.Saved)} for {Count(plan.Counts.Reused, "job")}");
        var forecast = plan.Forecast;
        Add("takes", $"about {Span(forecast.ExpectedSeconds)}, at least {Span(forecast.LeastSeconds)}"
            + (forecast.IsMeasured ? "" : " (durations are guessed until some were measured)"));
        Add("pace", $"{forecast.Concurrency} at a time, {forecast.RequestsPerMinute} requests a minute");
        if (forecast.CriticalPath.Count > 1)
            Add("longest chain", $"{string.Join(" → ", forecast.CriticalPath.Take(6))}{(forecast.CriticalPath.Count > 6 ? " → …" : "")}, {Span(forecast.ChainSeconds)}");
        return grid;

        void Add(string name, string value) => grid.AddRow(new Markup($"[grey]{name}[/]"), new Text(TerminalText.OnOneLine(value)));
    }

    private static Table Jobs(Plan plan)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey37)
            .AddColumn("job").AddColumn("model").AddColumn(Right("credits")).AddColumn("path");
        foreach (var job in plan.Jobs)
        {
            var note = job.Refused is { } code ? code : job.SameAs is { } same && job.Credits == 0 ? $"as {same}" : null;
            table.AddRow(
                new Text(TerminalText.OnOneLine(job.Id)).Overflow(Overflow.Ellipsis), new Text(TerminalText.OnOneLine(job.Model)).Overflow(Overflow.Ellipsis),
                new Text(TerminalText.OnOneLine(note ?? (job.Credits is { } credits ? Number(credits) : "-"))).Overflow(Overflow.Ellipsis),
                new Text(TerminalText.OnOneLine(job.Path)).Overflow(Overflow.Ellipsis));
        }

        if (plan.Counts.Total > plan.Jobs.Count)
            table.Caption($"and {Number(plan.Counts.Total - plan.Jobs.Count)} more; --jobs all shows them");
        return table;
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned().NoWrap();

    private static string List(IReadOnlyList<string> first, int all) =>
        string.Join(", ", first.Take(5)) + (all > 5 ? $" and {Number(all - 5)} more" : "");

    private static string Count(int number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Credits(decimal credits) => $"{Number(credits)} credit{(credits == 1 ? "" : "s")}";

    private static string Number(decimal number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Span(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };

    private static string Escape(string text) => Markup.Escape(TerminalText.OnOneLine(text));
}
