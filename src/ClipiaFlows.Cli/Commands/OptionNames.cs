using System.Text.RegularExpressions;

namespace ClipiaFlows.Cli.Commands;

/// <summary>An option and the query parameter or JSON field that it becomes.</summary>
internal sealed record OptionName(string Option, string Field);

/// <summary>Refusals of the app, which names its own fields, in the words of the options that were typed.</summary>
internal static class OptionNames
{
    /// <summary>Runs the call; its refusal names options.</summary>
    public static async Task<T> TranslateAsync<T>(IEnumerable<OptionName> names, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (CommandFailure refused) when (refused.ExitCode == ExitCodes.Failed)
        {
            throw refused.With(In(refused.Message, names));
        }
    }

    /// <summary>The message with options instead of fields. Values that it quotes stay as they are, even when they read like a field.</summary>
    public static string In(string message, IEnumerable<OptionName> names) => names.Aggregate(message, (text, name) =>
    {
        var field = Regex.Escape(name.Field);
        // A field such as "jobs" is a word too; one such as "budgetCredits" is not.
        var bare = name.Field.Any(char.IsAsciiLetterUpper) ? $@"|(?<![\w'""/.]){field}(?![\w'""])" : "";
        return Regex.Replace(text, $"^Query parameter '{field}'|^'/{field}(/[^']*)?'|(?<=without )'{field}'{bare}", name.Option);
    });
}
