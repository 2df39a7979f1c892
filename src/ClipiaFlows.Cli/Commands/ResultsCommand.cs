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
        if (parsed.GetValue(CsvOption))
        {
            await PrintCsvAsync(app, batch, cancellation);
            return ExitCodes.Done;
        }

        if (parsed.GetValue(JsonOption))
        {
            await foreach (var job in app.GetResultsAsync(batch, cancellation))
                Output.Json(job.Raw);
            return ExitCodes.Done;
        }

        var jobs = await app.GetResultsAsync(batch, cancellation).ToListAsync(cancellation);
        Output.Table(["Job", "State", "#Credits", "File", "#Bytes", "Prompt or error"], [.. jobs.SelectMany(Rows)], "No job has ended yet.");
        return ExitCodes.Done;
    }

    /// <summary>Exactly as the app wrote it into a file or pipe; what a person reads passes the guard of the terminal.</summary>
    private static async Task PrintCsvAsync(AppClient app, string batch, CancellationToken cancellation)
    {
        var path = AppClient.PathOf(batch, "/results?format=csv");
        if (Console.IsOutputRedirected)
        {
            await using var output = Console.OpenStandardOutput();
            await app.CopyAsync(path, output, Answers.MaxBytes, cancellation);
            return;
        }

        using var text = new MemoryStream();
        await app.CopyAsync(path, text, Array.MaxLength, cancellation);
        Console.Out.Write(System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
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
