using System.CommandLine;
using System.Text.Json;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Downloads;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows download BATCH</c>: files, gallery and receipt of a batch in a folder.</summary>
internal static class DownloadCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();

    private static readonly Option<DirectoryInfo> OutOption = new("--out")
    {
        Description = "The folder named after the batch is made below this one.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("out"),
    };

    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print where the files are as JSON." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("download", "Download the files of a batch with its gallery and, once it has finished, its receipt.")
        {
            BatchArgument, OutOption, JsonOption, UrlOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(OutOption);
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        TargetFolder.Check(folder, "--out");
        var batch = await app.GetBatchAsync(parsed.GetRequiredValue(BatchArgument), cancellation);
        var collected = await Talk.WhileAsync("Downloading the files", _ => Collection.CollectAsync(app, batch, folder, cancellation));
        if (parsed.GetValue(JsonOption))
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { folder = collected.Folder, gallery = collected.Gallery, files = collected.Files, missing = collected.Missing }, JsonSerializerOptions.Web));
        else
            collected.Report(batch);
        collected.ReportMissing(batch, Collection.Again(batch.Id, folder));
        return collected.Missing.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
