using System.Text.Json;

namespace Clipia;

/// <summary>One field of a model's input.</summary>
/// <param name="Type">Such as <c>string</c>, <c>integer</c>, <c>array</c>; the set is not documented. Empty when not told.</param>
/// <param name="Required">True when the input must have it.</param>
/// <param name="AllowedValues">Strings or numbers; empty when any value is allowed.</param>
/// <param name="Default">The value used when absent, when told.</param>
/// <param name="Raw">The whole descriptor, for keys that this library does not know, such as <c>minimum</c>.</param>
public sealed record InputField(
    string Type, bool Required, IReadOnlyList<JsonElement> AllowedValues, JsonElement? Default, JsonElement Raw)
{
    internal static Dictionary<string, InputField>? ReadAll(JsonElement? schema)
    {
        if (schema is not { } fields)
            return null;

        var byName = new Dictionary<string, InputField>();
        foreach (var field in fields.EnumerateObject())
            byName[field.Name] = Read(field.Value);
        return byName;
    }

    private static InputField Read(JsonElement json) => new(
        json.Text("type") ?? "",
        json.Field("required") is { ValueKind: JsonValueKind.True },
        [.. json.Items("enum")],
        json.Field("default"),
        json);
}
