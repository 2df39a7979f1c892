using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Compares bodies by meaning: keys sorted, numbers normalised, whitespace and escapes gone.</summary>
internal static class CanonicalJson
{
    /// <summary>What the idempotency rules compare. Section 8 of the contract.</summary>
    public static string Fingerprint(string slug, JsonElement input, string? webhookUrl)
    {
        var text = new StringBuilder();
        AppendString(text, slug);
        AppendString(text, webhookUrl ?? "");
        Append(text, input);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    AppendString(text, property.Name);
                    Append(text, property.Value);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Append(text, item);
                    text.Append(',');
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>Length first, so that no text can imitate structure.</summary>
    private static void AppendString(StringBuilder text, string value) =>
        text.Append('"').Append(value.Length).Append(':').Append(value);

    private static string Number(JsonElement value)
    {
        if (value.TryGetInt64(out var whole))
            return whole.ToString(CultureInfo.InvariantCulture);
        return value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : value.GetRawText();
    }
}
