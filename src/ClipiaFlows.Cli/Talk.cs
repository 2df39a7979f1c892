using Spectre.Console;

namespace ClipiaFlows.Cli;

/// <summary>Everything said to a person goes to standard error, so that standard output holds results only.</summary>
internal static class Talk
{
    /// <summary>The terminal behind standard error, if there is one.</summary>
    public static IAnsiConsole Screen { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Standard output for what is drawn; plain text where it is no terminal, so that nobody parses colours.</summary>
    public static IAnsiConsole Results { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    /// <summary>True when something that moves can be shown; else plain lines are.</summary>
    public static bool IsLive => Screen.Profile.Out.IsTerminal && Screen.Profile.Capabilities.Ansi;

    /// <summary>True when a person can be asked.</summary>
    public static bool CanAsk => IsLive && !Console.IsInputRedirected;

    /// <summary>Asks a person; without an answer it is no.</summary>
    public static Task<bool> AskAsync(string question, CancellationToken cancellation) =>
        new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false }.ShowAsync(Screen, cancellation);

    public static void Line(string text) => Console.Error.WriteLine(text);

    /// <summary>Shows the phrases that the work tells: with a spinner, or one line each.</summary>
    public static Task<T> WhileAsync<T>(string firstPhrase, Func<Action<string>, Task<T>> work)
    {
        if (IsLive)
            return Screen.Status().StartAsync(firstPhrase + " …", status => work(phrase => status.Status = Markup.Escape(phrase) + " …"));
        Line(firstPhrase);
        return work(Line);
    }
}
