using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Stores;

/// <summary>
/// JSON as columns hold it, as short as it can be: every character stands for itself but quotes, backslashes and ASCII control
/// characters. The encoders of the framework write an emoji in twelve characters.
/// </summary>
internal static partial class StoredJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write<T>(T value) => Escapes().Replace(JsonSerializer.Serialize(value, Options), match =>
        match.Groups[1] is { Success: true, ValueSpan: var hex } && (char)ushort.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > '\u007E' and var character
            ? character.ToString()
            : match.Value);

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})|\\.")]
    private static partial Regex Escapes();
}
