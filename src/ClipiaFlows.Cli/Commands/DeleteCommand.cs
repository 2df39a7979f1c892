using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows delete BATCH</c>: forgets a batch that has ended.</summary>
internal static class DeleteCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();
    private static readonly Option<bool> OutputsOption = new("--outputs") { Description = "Delete its files too." };

    private static readonly Option<bool> YesOption = new("--yes", "-y")
    {
        Description = "Do not ask first. Nobody is asked either when there is no terminal.",
    };

    private static readonly Option<bool> JsonOption = Control.CreateJsonOption();
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("delete", "Forget a batch that has ended: its jobs, plan, manifest and receipt.")
        {
            BatchArgument, OutputsOption, YesOption, JsonOption, UrlOption,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (batch, outputs) = (parsed.GetRequiredValue(BatchArgument), parsed.GetValue(OutputsOption));
            using var app = AppConnection.Open(parsed.GetValue(UrlOption));
            if (!parsed.GetValue(YesOption) && Talk.CanAsk && !await AgreeAsync(batch, outputs, cancellation))
                return ExitCodes.Failed;

            return await Control.RunAsync(
                app, HttpMethod.Delete, batch, outputs ? "?outputs=true" : "", null, "deleted.", parsed.GetValue(JsonOption), cancellation);
        });
        return command;
    }

    private static async Task<bool> AgreeAsync(string batch, bool outputs, CancellationToken cancellation)
    {
        var isAgreed = false;
        try
        {
            isAgreed = await Talk.AskAsync($"Delete batch {batch}{(outputs ? " and its files" : "; its files stay")}?", cancellation);
        }
        finally
        {
            // Also after Ctrl-C.
            if (!isAgreed)
                Talk.Line("Nothing was deleted.");
        }

        return isAgreed;
    }
}
