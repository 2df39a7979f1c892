using System.Text.RegularExpressions;

namespace ClipiaFlows.Cli.Api;

/// <summary>The ids of batches, which name folders too.</summary>
internal static partial class BatchId
{
    /// <summary>True for what the app gives to a batch.</summary>
    public static bool IsValid(string id) => Pattern().IsMatch(id);

    /// <summary>Why an id that was typed cannot be one; <c>null</c> when the app may be asked.</summary>
    public static string? Objection(string name, string id) =>
        string.IsNullOrWhiteSpace(id) ? $"The argument '{name}' is empty."
        : !TerminalText.IsPlain(id) ? $"The argument '{name}' holds an invisible character; type it without."
        : id is "." or ".." || id.AsSpan().ContainsAny('/', '\\') ? $"'{id}' is a path, not the id of a {name}; `clipiaflows {(name == "job" ? "jobs" : "list")}` shows the ids."
        : null;

    [GeneratedRegex(@"^[a-z0-9-]{3,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
