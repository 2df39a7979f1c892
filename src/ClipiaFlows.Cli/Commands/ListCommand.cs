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
        List<(string, string?)> filter =
        [
            ("state", parsed.GetValue(StateOption)), ("name", parsed.GetValue(NameOption)),
            ("createdAfter", parsed.GetValue(AfterOption)), ("createdBefore", parsed.GetValue(BeforeOption)),
            .. (parsed.GetValue(TagOption) ?? []).Select(tag => ("tag", (string?)tag)),
        ];
        var batches = await app.ListAsync("batches", "batches", filter, parsed.GetValue(LimitOption), cancellation).ToListAsync(cancellation);
        if (parsed.GetValue(JsonOption))
            Output.Json(batches);
        else
            Output.Table(["Batch", "Name", "State", "#Done", "#Credits", "Accepted"], batches.Select(raw => Row(app.As<Batch>(raw))));
        return ExitCodes.Done;
    }

    private static string?[] Row(Batch batch) =>
    [
        batch.Id, batch.Name, batch.State, $"{batch.Jobs.Finished}/{batch.Jobs.Total}",
        Output.Number(batch.Credits.Charged) + (batch.Credits.Budget is { } budget ? $"/{Output.Number(budget)}" : ""),
        Output.Moment(batch.CreatedAt),
    ];
}
