using System.CommandLine;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows status BATCH</c>: how far a batch is.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();
    private static readonly Option<bool> WatchOption = new("--watch") { Description = "Follow it until every job is done." };

    private static readonly Option<bool> JsonOption = new("--json")
    {
        Description = "Print the app's own answer (JSON); with --watch one line for each change.",
    };

    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("status", "Show the state of a batch.") { BatchArgument, WatchOption, JsonOption, UrlOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (id, json) = (parsed.GetRequiredValue(BatchArgument), parsed.GetValue(JsonOption));
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        if (!parsed.GetValue(WatchOption))
        {
            var now = await app.GetBatchAsync(id, cancellation);
            if (json)
                Output.Json(now.Raw);
            else
                foreach (var line in WaitingText.LinesOf(now).Prepend(ProgressDisplay.Describe(now)))
                    Output.Line(line);
            return ExitCodes.Done;
        }

        var batch = json
            ? await FollowAsJsonAsync(app, id, cancellation)
            : await ProgressDisplay.ShowAsync(show => BatchWatch.FollowAsync(app, id, show, cancellation: cancellation));
        if (!json)
            Output.Line(Collection.Summary(batch));
        return batch.IsSuccess ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Task<Batch> FollowAsJsonAsync(AppClient app, string id, CancellationToken cancellation)
    {
        var last = "";
        return BatchWatch.FollowAsync(
            app, id,
            snapshot =>
            {
                var line = snapshot.Batch.Raw.GetRawText();
                if (line != last)
                    Output.Json(snapshot.Batch.Raw);
                last = line;
            },
            cancellation: cancellation);
    }
}
