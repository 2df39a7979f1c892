using System.CommandLine;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows jobs BATCH</c>: the jobs of a batch, in the plan's order.</summary>
internal static class JobsCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();
    private static readonly Option<string?> StateOption = new("--state") { Description = "Only jobs of this state, such as Failed." };
    private static readonly Option<string?> ModelOption = new("--model") { Description = "Only jobs of this model." };
    private static readonly Option<string[]> VariableOption = new("--variable") { Description = "Only jobs with this matrix variable; repeatable.", HelpName = "NAME:VALUE" };
    private static readonly Option<int> LimitOption = Limits.Create("jobs", 100);
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the app's own answer (JSON)." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("jobs", "List the jobs of a batch.")
        {
            BatchArgument, StateOption, ModelOption, VariableOption, LimitOption, JsonOption, UrlOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        List<ListFilter> filter =
        [
            new("--state", "state", parsed.GetValue(StateOption)), new("--model", "model", parsed.GetValue(ModelOption)),
            .. (parsed.GetValue(VariableOption) ?? []).Select(variable => new ListFilter("--variable", "variable", variable)), new("--limit", "limit", null),
        ];
        var batch = parsed.GetRequiredValue(BatchArgument);
        var (jobs, hasMore) = await ListQuery.ReadAsync(
            app, AppClient.PathOf(batch, "/jobs"), "jobs", filter, parsed.GetValue(LimitOption), cancellation);
        var isFiltered = filter.Any(one => !string.IsNullOrEmpty(one.Value));
        if (parsed.GetValue(JsonOption))
            Output.Json(jobs);
        else
        {
            Output.Table(
                ["Job", "State", "Model", "#Credits", "#Files", "Note"], [.. jobs.Select(raw => Row(app.As<Job>(raw)))],
                isFiltered ? "No job matches." : "The batch has no jobs yet.");
        }

        if (hasMore)
            ListQuery.ReportMore(jobs.Count, isFiltered ? null : (await app.GetBatchAsync(batch, cancellation)).Jobs.Total, "jobs");
        return ExitCodes.Done;
    }

    private static string?[] Row(Job job) =>
        [job.Id, job.State, job.Model, Output.Number(job.Cost), Output.Number(job.Outputs.Count), WaitingText.NoteOf(job)];
}
