using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows cancel BATCH</c>: submits nothing more of a batch.</summary>
internal static class CancelCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();

    private static readonly Option<bool> AbandonOption = new("--abandon")
    {
        Description = "Do not wait for what is being generated. It is paid for all the same, and its files are not kept.",
    };

    private static readonly Option<bool> JsonOption = Control.CreateJsonOption();
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("cancel", "Submit no more jobs of a batch; what is paid for is still collected.")
        {
            BatchArgument, AbandonOption, JsonOption, UrlOption,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var app = AppConnection.Open(parsed.GetValue(UrlOption));
            var mode = parsed.GetValue(AbandonOption) ? "abandon" : "drain";
            return await Control.RunAsync(
                app, HttpMethod.Post, parsed.GetRequiredValue(BatchArgument), "/cancel", new { mode }, "canceling.", parsed.GetValue(JsonOption), cancellation);
        });
        return command;
    }
}
