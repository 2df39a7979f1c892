using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Who calls a tool.</summary>
internal sealed record McpCall(HttpContext Http, ApiKey Key);

/// <summary>The arguments of a tool call, of the right types once <see cref="McpSchemas"/> has passed them.</summary>
internal sealed class McpArguments(IDictionary<string, JsonElement>? given)
{
    public string? Text(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    public int? Whole(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? (int)Math.Clamp(number, -1, 1_000_000) : null;

    public bool Flag(string name, bool otherwise) => Find(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    };

    /// <summary>Null when the argument is absent or null.</summary>
    public JsonElement? Find(string name) =>
        given is not null && given.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
