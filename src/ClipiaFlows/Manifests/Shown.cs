using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Shortens what a problem quotes.</summary>
internal static class Shown
{
    private const int Length = 100;

    public static string Text(string text)
    {
        if (text.Length <= Length)
            return text;
        var end = char.IsHighSurrogate(text[Length - 2]) ? Length - 2 : Length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    public static string Json(JsonElement value) =>
        Text(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
