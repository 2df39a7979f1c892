using Spectre.Console;

namespace ClipiaFlows.Cli;

/// <summary>Everything said to a person goes to standard error, so that standard output holds results only.</summary>
internal static class Talk
{
    private const string ControllingTerminal = "/dev/tty";

    /// <summary>The terminal behind standard error, if there is one.</summary>
    public static IAnsiConsole Screen { get; } = Terminal.OnError();

    /// <summary>Standard output for what is drawn.</summary>
    public static IAnsiConsole Results { get; } = Terminal.OnOutput();

    /// <summary>True when something that moves can be shown; else plain lines are.</summary>
    public static bool IsLive => Screen.Profile.Out.IsTerminal && Screen.Profile.Capabilities.Ansi;

    /// <summary>True when a person can be asked.</summary>
    public static bool CanAsk => IsLive && !Console.IsInputRedirected;

    /// <summary>Asks a person; without an answer it is no.</summary>
    public static Task<bool> AskAsync(string question, CancellationToken cancellation) =>
        new ConfirmationPrompt(Markup.Escape(TerminalText.OnOneLine(question))) { DefaultValue = false }.ShowAsync(Screen, cancellation);

    /// <summary>The same when standard input holds something else: the answer comes from the terminal itself.</summary>
    /// <exception cref="CommandFailure">There is no terminal to read from.</exception>
    public static async Task<bool> AskOnTerminalAsync(string question, CancellationToken cancellation)
    {
        StreamReader terminal;
        try
        {
            terminal = new StreamReader(ControllingTerminal);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                "The manifest comes from standard input and there is no terminal to ask on; add --yes to start it without being asked.",
                ExitCodes.WrongUsage, missing);
        }

        using (terminal)
        {
            Screen.Write(new Text(TerminalText.OnOneLine(question) + " [y/n] (n): "));
            var answer = await Task.Run(terminal.ReadLine, CancellationToken.None).WaitAsync(cancellation);
            return answer?.Trim().ToLowerInvariant() is "y" or "yes";
        }
    }

    public static void Line(string text) => Console.Error.WriteLine(TerminalText.Shorten(text));

    /// <summary>Shows the phrases that the work tells: with a spinner, or one line each.</summary>
    public static Task<T> WhileAsync<T>(string firstPhrase, Func<Action<string>, Task<T>> work)
    {
        if (IsLive)
            return Screen.Status().StartAsync(firstPhrase + " …", status => work(phrase => status.Status = Markup.Escape(TerminalText.OnOneLine(phrase)) + " …"));
        Line(firstPhrase);
        return work(Line);
    }
}
