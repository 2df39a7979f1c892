using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ClipiaFlows.Cli.Commands;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Cli;

/// <summary>The root command: parses, runs, and turns whatever happens into an exit code and at most one message.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command to its end. Results go to standard output, everything else to standard error.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        Terminal.Guard();
        // Not a RootCommand: that one is always called like the assembly.
        var root = new Command("clipiaflows", "ClipiaFlows turns a manifest of media generations into finished files.")
        {
            new HelpOption(),
            new VersionOption(),
            DemoCommand.Create(),
            DevCommand.Create(),
            PlanCommand.Create(),
            RunCommand.Create(),
            StatusCommand.Create(),
            ListCommand.Create(),
            JobsCommand.Create(),
            JobCommand.Create(),
            ResultsCommand.Create(),
            DownloadCommand.Create(),
            GalleryCommand.Create(),
            PauseCommand.Create(),
            ResumeCommand.Create(),
            CancelCommand.Create(),
            RetryCommand.Create(),
            ApproveCommand.Create(),
            RejectCommand.Create(),
            DeleteCommand.Create(),
        };

        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return RefuseUsage(parsed);
        }

        using var interruption = new Interruption();
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (Exception end) when (interruption.Token.IsCancellationRequested && IsExpected(end))
        {
            // Whatever broke, broke because everything was told to stop.
            await Console.Error.WriteLineAsync("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (CommandFailure failure)
        {
            if (failure.Answer is not null && WantsJson(parsed))
                Console.Out.WriteLine(failure.Answer);
            Console.Error.WriteLine(TerminalText.Shorten(failure.Message));
            return failure.ExitCode;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return ExitCodes.Failed;
        }
    }

    private static bool WantsJson(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(option => option.Name == "--json") is { } json && parsed.GetValue(json);

    private static bool IsExpected(Exception failure) =>
        failure is OperationCanceledException or CommandFailure or StackException or IOException or UnauthorizedAccessException;

    /// <summary>The parser names the type that it wants as .NET does.</summary>
    private static string InWords(string message)
    {
        var (before, type) = message.Split(" as expected type '", 2) is [var first, var second] ? (first, second) : (message, "");
        return type switch
        {
            "" => message,
            _ when type.Contains("Int32", StringComparison.Ordinal) => before + " as a whole number.",
            _ when type.Contains("Decimal", StringComparison.Ordinal) => before + " as a number.",
            _ => before + ".",
        };
    }

    private static int RefuseUsage(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine(InWords(error.Message));
        }

        var command = parsed.CommandResult.Command;
        var path = command == parsed.RootCommandResult.Command ? command.Name : $"{parsed.RootCommandResult.Command.Name} {command.Name}";
        Console.Error.WriteLine($"Try: {path} --help");
        return ExitCodes.WrongUsage;
    }
}
