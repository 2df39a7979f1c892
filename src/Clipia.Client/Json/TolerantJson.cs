using System.Globalization;
using System.Text.Json;

namespace Clipia;

/// <summary>Reads fields that may be missing, null or of another kind than documented; all of these are simply absent.</summary>
internal static class TolerantJson
{
    public static JsonElement? Field(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static JsonElement? Object(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static IEnumerable<JsonProperty> Fields(this JsonElement json, string name) =>
        json.Object(name) is { } value ? value.EnumerateObject() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    public static string? Text(this JsonElement json, string name) => json.Field(name) is { } value ? value.AsText() : null;

    public static string? AsText(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetRawText(),
        _ => null,
    };

    public static RequestStatus Status(this JsonElement json) => new(json.Text("status") ?? "");

    public static int? Integer(this JsonElement json, string name) =>
        json.Credits(name) is { } number && number >= int.MinValue && number <= int.MaxValue ? (int)number : null;

    /// <summary>Credits are integers for generations and fractions elsewhere; prices of text models are decimal strings.</summary>
    public static decimal? Credits(this JsonElement json, string name) => json.Field(name) is { } value ? value.AsDecimal() : null;

    public static decimal? AsDecimal(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : null,
        JsonValueKind.String => decimal.TryParse(json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null,
        _ => null,
    };

    public static double? Number(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;

    public static DateTimeOffset? Instant(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out var instant) ? instant : null;

    public static Uri? Link(this JsonElement json, string name) => json.Field(name)?.AsLink();

    public static Uri? AsLink(this JsonElement json) =>
        json.ValueKind == JsonValueKind.String
        && Uri.TryCreate(json.GetString(), UriKind.Absolute, out var link)
        && (link.Scheme == Uri.UriSchemeHttps || link.Scheme == Uri.UriSchemeHttp)
            ? link
            : null;
}
