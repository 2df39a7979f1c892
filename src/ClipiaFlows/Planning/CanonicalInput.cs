using System.Globalization;
using System.Text.Json;

namespace ClipiaFlows.Planning;

/// <summary>
/// Writes a JSON value so that equal values are equal bytes: keys sorted by their code points' UTF-16 order, numbers in one
/// form, no white space. <c>1</c>, <c>1.0</c> and <c>10e-1</c> are the same number.
/// </summary>
internal static class CanonicalInput
{
    public static void Write(JsonElement value, Utf8JsonWriter writer, Func<string, string> text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer, text);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, writer, text);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(text(value.GetString()!));
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // A decimal holds every number that an input can sensibly have; what is larger or finer is compared as a double.
    private static string Number(JsonElement value) =>
        value.TryGetDecimal(out var number) && (number != 0 || IsZero(value))
            ? number.ToString("0.############################", CultureInfo.InvariantCulture)
            : value.TryGetDouble(out var approximate) && double.IsFinite(approximate)
                ? approximate.ToString("R", CultureInfo.InvariantCulture)
                : value.GetRawText();

    private static bool IsZero(JsonElement value) => value.TryGetDouble(out var number) && number == 0;
}
