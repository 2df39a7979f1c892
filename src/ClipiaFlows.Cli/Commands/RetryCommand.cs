using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows retry BATCH</c>: runs the jobs again that did not succeed, after saying what that costs.</summary>
internal static class RetryCommand
{
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();

    private static readonly Option<string[]> JobOption = new("--job")
    {
        Description = "Only this job; repeatable. Without it, every failed, skipped and unresolved job.",
        HelpName = "ID",
    };

    private static readonly Option<decimal?> BudgetOption = new("--budget")
    {
        Description = "Run them under this budget of the whole batch.",
        HelpName = "CREDITS",
    };

    private static readonly Option<bool> BuyAgainOption = new("--buy-again")
    {
        Description = "Pay again also for jobs whose generation is paid for and whose files could not be stored. Without it, their files are fetched again for 0 credits.",
    };

    private static readonly Option<bool> PriceOption = new("--price") { Description = "Only say how many jobs would run and what they cost." };

    private static readonly Option<bool> YesOption = new("--yes", "-y")
    {
        Description = "Do not show the price and ask first. Nobody is asked either when there is no terminal.",
    };

    private static readonly Option<bool> JsonOption = Control.CreateJsonOption();
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("retry", "Run failed, skipped and unresolved jobs of a batch again.")
        {
            BatchArgument, JobOption, BudgetOption, BuyAgainOption, PriceOption, YesOption, JsonOption, UrlOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (batch, json) = (parsed.GetRequiredValue(BatchArgument), parsed.GetValue(JsonOption));
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        var arguments = new Dictionary<string, object>();
        if (parsed.GetValue(JobOption) is { Length: > 0 } jobs)
            arguments["jobs"] = jobs;
        if (parsed.GetValue(BudgetOption) is { } budget)
            arguments["budgetCredits"] = budget;
        if (parsed.GetValue(BuyAgainOption))
            arguments["buyAgain"] = true;
        if (parsed.GetValue(PriceOption))
        {
            var price = await OptionNames.TranslateAsync(Control.Names, () => app.PriceRetryAsync(batch, arguments, cancellation));
            if (json)
                Output.Json(price.Raw);
            else
                Output.Line(Describe(price));
            return ExitCodes.Done;
        }

        if (!parsed.GetValue(YesOption) && Talk.CanAsk)
        {
            var price = await OptionNames.TranslateAsync(Control.Names, () => app.PriceRetryAsync(batch, arguments, cancellation));
            if (!await Talk.AskAsync($"Run {Describe(price)}?", cancellation))
            {
                Talk.Line("Nothing was started.");
                return ExitCodes.Failed;
            }
        }

        return await Control.RunAsync(app, HttpMethod.Post, batch, "/retry", arguments, "runs again.", json, cancellation);
    }

    private static string Describe(RetryPrice price) =>
        $"{price.Jobs} job{(price.Jobs == 1 ? "" : "s")} for {Output.Number(price.Credits)} credits"
        + (price.Collects == 0 ? "" : $"; {price.Collects} of them {(price.Collects == 1 ? "is" : "are")} paid for: their files are fetched again")
        + (price.Refused == 0 ? "" : $"; the API would refuse {price.Refused} more again");
}
