using System.CommandLine;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows run MANIFEST</c>: hands a manifest to the app and follows it to its end.</summary>
internal static class RunCommand
{
    private static readonly Argument<FileInfo> ManifestArgument =
        new Argument<FileInfo>("manifest") { Description = "The manifest file (JSON)." }.AcceptExistingOnly();

    private static readonly Option<DirectoryInfo?> DownloadOption = new("--download")
    {
        Description = "Copy the files into a folder named after the batch below this one, with a gallery page.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> DetachOption = new("--detach") { Description = "Do not wait for the end." };
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the app's own answer (JSON)." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("run", "Submit a manifest and follow it until every job is done.")
        {
            ManifestArgument, DownloadOption, DetachOption, JsonOption, UrlOption,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(DetachOption) && result.GetValue(DownloadOption) is not null)
                result.AddError("--detach and --download exclude each other: there is nothing to download yet.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var json = parsed.GetValue(JsonOption);
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        var accepted = await SubmitAsync(app, parsed.GetRequiredValue(ManifestArgument), cancellation);
        Talk.Line($"Accepted as batch {accepted.Id}: {accepted.Jobs} jobs.");
        if (parsed.GetValue(DetachOption))
        {
            await Console.Out.WriteLineAsync(json ? accepted.Raw.GetRawText() : accepted.Id);
            return ExitCodes.Done;
        }

        var batch = await FollowAsync(app, accepted.Id, cancellation);
        var collected = parsed.GetValue(DownloadOption) is { } folder
            ? await Talk.WhileAsync("Downloading the files", _ => Collection.CollectAsync(app, batch, folder, cancellation))
            : null;
        if (json)
            await Console.Out.WriteLineAsync(batch.Raw.GetRawText());
        else if (collected is not null)
            collected.Report(batch);
        else
            await Console.Out.WriteLineAsync(Collection.Summary(batch));
        return batch.IsSuccess ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Sends it, and once more under the same key when the first answer did not come.</summary>
    private static async Task<Accepted> SubmitAsync(AppClient app, FileInfo manifest, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(manifest.FullName, cancellation);
        var idempotencyKey = Guid.NewGuid().ToString();
        try
        {
            return await app.SubmitAsync(bytes, idempotencyKey, cancellation);
        }
        catch (CommandFailure away) when (away.ExitCode == ExitCodes.NotReachable)
        {
            return await app.SubmitAsync(bytes, idempotencyKey, cancellation);
        }
    }

    private static async Task<Batch> FollowAsync(AppClient app, string id, CancellationToken cancellation)
    {
        try
        {
            return await ProgressDisplay.ShowAsync(show => BatchWatch.FollowAsync(app, id, show, cancellation: cancellation));
        }
        catch (OperationCanceledException)
        {
            Talk.Line($"The batch goes on in the app; follow it with: clipiaflows status {id} --watch");
            throw;
        }
    }
}
