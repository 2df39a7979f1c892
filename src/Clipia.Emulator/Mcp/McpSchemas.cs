using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Clipia.Emulator;

/// <summary>The tools as tools.json describes them, and whether arguments have the types told there.</summary>
internal static class McpSchemas
{
    public static IList<Tool> Tools { get; } = EmbeddedJson.Read<List<Tool>>("tools.json", McpJsonUtilities.DefaultOptions);

    /// <summary>What is wrong, naming the argument; null when a default must not stand in for anything that was meant.</summary>
    public static string? Problem(string tool, McpArguments arguments)
    {
        if (Tools.FirstOrDefault(one => one.Name == tool) is not { } described)
            return null;
        foreach (var argument in described.InputSchema.GetProperty("properties").EnumerateObject())
        {
            var type = argument.Value.GetProperty("type").GetString()!;
            if (arguments.Find(argument.Name) is { } value && !Fits(type, value))
                return $"The argument '{argument.Name}' must be of type {type}.";
        }
        return null;
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => true,
    };
}
