using System.Net;
using System.Text;
using System.Text.Json;

namespace ClipiaFlows.Cli.Api;

/// <summary>A refusal by the app (`application/problem+json`).</summary>
internal sealed record Problem(string? Title, string? Detail, string? Code, IReadOnlyList<ProblemEntry>? Problems)
{
    /// <summary>Reads whatever the app answered; something that is not a problem document gives null.</summary>
    public static Problem? TryRead(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(body, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The refusal in words: one line, and one more for each problem of the manifest.</summary>
    public string Describe(HttpStatusCode status)
    {
        var text = new StringBuilder(Detail ?? Title ?? $"The app answered {(int)status}.");
        foreach (var entry in Problems ?? [])
            text.AppendLine().Append(entry.Describe());
        return text.ToString();
    }
}

/// <summary>One thing that is wrong with a manifest, and where.</summary>
internal sealed record ProblemEntry(string? Pointer, JsonElement? Value, string? Expected, string? Message, string? Suggestion)
{
    private const int ShownLength = 60;

    /// <summary>Such as <c>/jobs/3/model: no such model (found "flux-9", expected a model of the catalogue); did you mean "flux-2"?</c></summary>
    public string Describe()
    {
        var text = new StringBuilder("  ").Append(Pointer is null or "" ? "(the whole manifest)" : Pointer).Append(": ").Append(Message);
        string?[] details = [Shown is { } shown ? $"found {shown}" : null, Expected is { } expected ? $"expected {expected}" : null];
        if (details.Any(detail => detail is not null))
            text.Append(" (").AppendJoin(", ", details.Where(detail => detail is not null)).Append(')');
        if (Suggestion is not null)
            text.Append("; ").Append(Suggestion);
        return text.ToString();
    }

    private string? Shown => Value is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? null
        : value.GetRawText() is { Length: > ShownLength } raw ? raw[..ShownLength] + "…"
        : value.GetRawText();
}
