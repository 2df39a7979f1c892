using System.CommandLine;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary>What the commands that steer a batch have in common: they are sent, and their outcome is waited for.</summary>
internal static class Control
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    /// <summary>The options of all of these commands.</summary>
    public static readonly IReadOnlyList<OptionName> Names =
    [
        new("--budget", "budgetCredits"), new("--job", "jobs"), new("--buy-again", "buyAgain"), new("--abandon", "mode"), new("--outputs", "outputs"),
    ];

    public static Argument<string> CreateBatchArgument() => CreateIdArgument("batch", "The id of the batch.");

    /// <summary>An id; without one, the path of a request would lead to something else.</summary>
    public static Argument<string> CreateIdArgument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (BatchId.Objection(name, result.GetValueOrDefault<string>() ?? "") is { } objection)
                result.AddError(objection);
        });
        return argument;
    }

    public static Option<bool> CreateJsonOption() => new("--json") { Description = "Print the app's own answer (JSON)." };

    /// <summary>A command without arguments of its own, sent as <c>POST /api/batches/{id}/{verb}</c>.</summary>
    public static Command Create(string verb, string description, string done)
    {
        var (batch, json, url) = (CreateBatchArgument(), CreateJsonOption(), AppConnection.CreateUrlOption());
        var command = new Command(verb, description) { batch, json, url };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var app = AppConnection.Open(parsed.GetValue(url));
            return await RunAsync(app, HttpMethod.Post, parsed.GetRequiredValue(batch), "/" + verb, null, done, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    /// <summary>Sends a command and says what came of it.</summary>
    public static async Task<int> RunAsync(
        AppClient app, HttpMethod method, string batch, string verb, object? arguments, string done, bool json, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("N");
        var operation = await OptionNames.TranslateAsync(Names, () => app.CommandAsync(method, batch, verb, arguments, id, cancellation));
        var until = DateTime.UtcNow + Patience;
        while (operation.IsPending && DateTime.UtcNow < until)
        {
            await Task.Delay(BetweenLooks, cancellation);
            operation = await LookAsync(app, method, batch, id, operation, cancellation);
        }

        var message = operation.Message is { } text ? OptionNames.In(text, Names) : null;
        if (json)
            Output.Json(operation.Raw);
        else if (operation.IsDone)
            Output.Line($"{batch}: {message ?? done}");
        else
            Talk.Line(TerminalText.OnOneLine(operation.IsPending ? $"{batch}: taken, not decided yet." : $"{batch}: {message}"));
        return operation.IsDone ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>A batch that is deleted takes its operations with it.</summary>
    private static async Task<Operation> LookAsync(
        AppClient app, HttpMethod method, string batch, string id, Operation operation, CancellationToken cancellation)
    {
        try
        {
            return await app.GetOperationAsync(batch, id, cancellation);
        }
        catch (CommandFailure gone) when (method == HttpMethod.Delete && gone.ExitCode == ExitCodes.Failed)
        {
            return operation with { Status = "Done" };
        }
    }
}
