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

    /// <summary>
    /// The digits and the power of ten that they end at, exact however long: 1, 1.0 and 10e-1 are one number, and two whole
    /// numbers that a double cannot tell apart are two.
    /// </summary>
    private static string Number(JsonElement value)
    {
        var text = value.GetRawText();
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        if (!long.TryParse(exponentAt < 0 ? "0" : text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
            return text;

        var sign = mantissa[0] == '-' ? "-" : "";
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var significant = digits.TrimEnd('0');
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        return significant.Length == 0
            ? "0"
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{significant}e{(Int128)exponent - decimals + (digits.Length - significant.Length)}");
    }
}
