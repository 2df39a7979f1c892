using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows results BATCH</c>: what came of the jobs that have ended.</summary>
internal static class ResultsCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();
    private static readonly Option<bool> CsvOption = new("--csv") { Description = "Print a table in CSV, one row for each file." };
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print JSON Lines, one line for each job." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("results", "Print what came of the jobs that have ended.") { BatchArgument, CsvOption, JsonOption, UrlOption };
        command.Validators.Add(result =>
        {
            if (result.GetValue(CsvOption) && result.GetValue(JsonOption))
                result.AddError("--csv and --json exclude each other.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        var batch = parsed.GetRequiredValue(BatchArgument);
        if (parsed.GetValue(CsvOption) || parsed.GetValue(JsonOption))
        {
            await using var output = Console.OpenStandardOutput();
            await app.CopyAsync(AppClient.PathOf(batch, "/results" + (parsed.GetValue(CsvOption) ? "?format=csv" : "")), output, cancellation);
            return ExitCodes.Done;
        }

        var jobs = await app.GetResultsAsync(batch, cancellation).ToListAsync(cancellation);
        Output.Table(["Job", "State", "#Credits", "File", "#Bytes", "Prompt or error"], jobs.SelectMany(Rows));
        return ExitCodes.Done;
    }

    private static IEnumerable<string?[]> Rows(Job job)
    {
        var words = job.Error is { } error ? $"{error.Code}: {error.Message}" : job.Prompt;
        return job.Outputs.Count == 0
            ? [[job.Id, job.State, Output.Number(job.Cost), "", "", words]]
            : job.Outputs.Select((output, index) => new[]
            {
                job.Id, job.State, index == 0 ? Output.Number(job.Cost) : "", output.Path, Output.Number(output.Bytes), words,
            });
    }
}
