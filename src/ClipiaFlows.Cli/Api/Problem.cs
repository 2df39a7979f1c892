using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ClipiaFlows.Cli.Api;

/// <summary>A refusal by the app (`application/problem+json`).</summary>
internal sealed record Problem(string? Title, string? Detail, string? Code, IReadOnlyList<ProblemEntry>? Problems)
{
    public IReadOnlyList<ManifestWarning>? Warnings { get; init; }

    /// <summary>Reads whatever the app answered; something that is not a problem document gives null.</summary>
    public static Problem? TryRead(string body)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<Problem>(body, JsonSerializerOptions.Web);
            return problem is { Problems: { } entries } ? problem with { Problems = [.. entries.Where(entry => entry is not null)] } : problem;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The refusal in words: one line, and one more for each problem or warning of the manifest.</summary>
    public string Describe(HttpStatusCode status)
    {
        var text = new StringBuilder(string.Join(' ', new[] { Title, Detail }.Where(part => !string.IsNullOrEmpty(part)).Select(part => TerminalText.OnOneLine(part!))));
        if (text.Length == 0)
            text.Append(CultureInfo.InvariantCulture, $"The app answered {(int)status}.");
        foreach (var entry in Problems ?? [])
            text.AppendLine().Append(entry.Describe());
        foreach (var warning in Warnings ?? [])
            text.AppendLine().Append("  ").Append(warning.Describe());
        return text.ToString();
    }
}

/// <summary>One thing that is wrong with a manifest, and where.</summary>
internal sealed record ProblemEntry(string? Pointer, JsonElement? Value, string? Expected, string? Message, string? Suggestion, int? Line = null)
{
    private const int ShownLength = 60;
    private const int ShownOthers = 3;

    /// <summary>How often it is in the manifest.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Some of the other places.</summary>
    public IReadOnlyList<ProblemPlace>? Others { get; init; }


    /// <summary>Such as <c>/jobs/3/model: Unknown model. Found flux-9, expected a model. Did you mean flux-2-pro?</c></summary>
    public string Describe()
    {
        var place = string.IsNullOrEmpty(Pointer) ? "(the whole manifest)" : Pointer;
        if (Line is { } line)
            place = string.Create(CultureInfo.InvariantCulture, $"line {line}, {place}");
        if (Count > 1)
            place = string.Create(CultureInfo.InvariantCulture, $"{place} (first of {Count})");
        var comparison = (Shown, Expected) switch
        {
            ({ } shown, { } expected) => $" Found {shown}, expected {expected}.",
            ({ } shown, null) => $" Found {shown}.",
            (null, { } expected) => $" Expected {expected}.",
            _ => "",
        };
        return "  " + TerminalText.OnOneLine($"{place}: {Message}{comparison}{(Suggestion is null ? "" : $" Did you mean {Suggestion}?")}{AlsoAt}");
    }

    private string AlsoAt => Others is { Count: > 0 } others
        ? $" Also at {string.Join(", ", others.Take(ShownOthers).Select(other => other.Pointer))}{(Count > ShownOthers + 1 ? " and others" : "")}."
        : "";

    // The app shows values as text already.
    private string? Shown => Value is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? null
        : TextOf(value) is { Length: > ShownLength } text ? text[..ShownLength] + "…"
        : TextOf(value);

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no text can hold.
            return value.GetRawText();
        }
    }
}

/// <summary>Another place of a problem.</summary>
internal sealed record ProblemPlace(string Pointer);
