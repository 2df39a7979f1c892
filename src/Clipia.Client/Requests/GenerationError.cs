using System.Text.Json;

namespace Clipia;

/// <summary>Why a generation has no output. Not an API error: the request to the API went well.</summary>
/// <param name="Code">Opaque text in upper case, such as <c>GENERATION_FAILED</c>; no list of them is published.</param>
/// <param name="Message">For people; may be empty.</param>
public sealed record GenerationError(string Code, string Message)
{
    internal static GenerationError? Read(JsonElement json) => json.Field("error") switch
    {
        { ValueKind: JsonValueKind.Object } error => new(error.Text("code") ?? "", error.Text("message") ?? ""),
        { ValueKind: JsonValueKind.String } text => new("", text.GetString() ?? ""),
        _ => null,
    };
}
