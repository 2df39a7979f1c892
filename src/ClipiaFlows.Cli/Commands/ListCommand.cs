using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows list</c>: the batches, newest first.</summary>
internal static class ListCommand
{
    private static readonly Option<string?> StateOption = new("--state") { Description = "Only batches of this state, such as Running." };
    private static readonly Option<string?> NameOption = new("--name") { Description = "Only batches whose name contains this text." };
    private static readonly Option<string[]> TagOption = new("--tag") { Description = "Only batches with this tag; repeatable.", HelpName = "NAME:VALUE" };
    private static readonly Option<string?> AfterOption = new("--after") { Description = "Only batches accepted after that moment.", HelpName = "TIME" };
    private static readonly Option<string?> BeforeOption = new("--before") { Description = "Only batches accepted before that moment.", HelpName = "TIME" };
    private static readonly Option<int> LimitOption = Limits.Create("batches", 20);
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the app's own answer (JSON)." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("list", "List batches, newest first.")
        {
            StateOption, NameOption, TagOption, AfterOption, BeforeOption, LimitOption, JsonOption, UrlOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        List<ListFilter> filter =
        [
            new("--state", "state", parsed.GetValue(StateOption)), new("--name", "name", parsed.GetValue(NameOption)),
            new("--after", "createdAfter", parsed.GetValue(AfterOption)), new("--before", "createdBefore", parsed.GetValue(BeforeOption)),
            .. (parsed.GetValue(TagOption) ?? []).Select(tag => new ListFilter("--tag", "tag", tag)), new("--limit", "limit", null),
        ];
        var (batches, hasMore) = await ListQuery.ReadAsync(app, "batches", "batches", filter, parsed.GetValue(LimitOption), cancellation);
        if (parsed.GetValue(JsonOption))
            Output.Json(batches);
        else
        {
            Output.Table(
                ["Batch", "Name", "State", "#Done", "#Credits", "Accepted"], [.. batches.Select(raw => Row(app.As<Batch>(raw)))],
                filter.Any(one => !string.IsNullOrEmpty(one.Value)) ? "No batch matches." : "There are no batches.");
        }

        if (hasMore)
            ListQuery.ReportMore(batches.Count, total: null, "batches");
        return ExitCodes.Done;
    }

    private static string?[] Row(Batch batch) =>
    [
        batch.Id, batch.Name, batch.State, $"{batch.Jobs.Finished}/{batch.Jobs.Total}",
        Output.Number(batch.Credits.Charged) + (batch.Credits.Budget is { } budget ? $"/{Output.Number(budget)}" : ""),
        Output.Moment(batch.CreatedAt),
    ];
}
