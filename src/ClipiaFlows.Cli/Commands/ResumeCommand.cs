using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows resume BATCH</c>: lets a paused batch go on.</summary>
internal static class ResumeCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();

    private static readonly Option<decimal?> BudgetOption = new("--budget")
    {
        Description = "Go on under this budget; needed when the budget was used up.",
        HelpName = "CREDITS",
    };

    private static readonly Option<bool> JsonOption = Control.CreateJsonOption();
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("resume", "Let a paused batch go on.") { BatchArgument, BudgetOption, JsonOption, UrlOption };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var app = AppConnection.Open(parsed.GetValue(UrlOption));
            object? arguments = parsed.GetValue(BudgetOption) is { } budget ? new { budgetCredits = budget } : null;
            return await Control.RunAsync(
                app, HttpMethod.Post, parsed.GetRequiredValue(BatchArgument), "/resume", arguments, "goes on.", parsed.GetValue(JsonOption), cancellation);
        });
        return command;
    }
}
