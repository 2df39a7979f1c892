using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Clipia.Emulator;

/// <summary>Results of tools: JSON twice, as structured content and as text for clients that know only text.</summary>
internal static class McpResults
{
    public static CallToolResult Json(object value) => Json(JsonSerializer.SerializeToElement(value, WireJson.Options));

    public static CallToolResult Of(RestAnswer answer) => answer.IsError ? Error(answer.Body) : Json(answer.Body);

    public static CallToolResult Error(JsonElement envelope) => new() { IsError = true, Content = [Text(envelope)] };

    public static CallToolResult Missing(string argument) => Refused($"The argument '{argument}' is required.");

    public static CallToolResult Refused(string message) =>
        Error(JsonSerializer.SerializeToElement(Errors.InvalidRequest(message).Body, WireJson.Options));

    private static CallToolResult Json(JsonElement value) => new() { Content = [Text(value)], StructuredContent = value };

    private static TextContentBlock Text(JsonElement value) => new() { Text = JsonSerializer.Serialize(value, WireJson.Options) };
}
