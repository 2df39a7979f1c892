using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Clipia;

/// <summary>Bytes from outside to one JSON object, or nothing. The object owns its memory.</summary>
internal static class LenientReader
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 64 };

    public static bool TryReadObject(ReadOnlySpan<byte> utf8, out JsonElement json)
    {
        json = default;
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
            return false;

        var owned = utf8.ToArray();
        ReplaceHalfSurrogates(owned);
        try
        {
            json = JsonElement.Parse(owned, Limits);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// JavaScript escapes half an emoji (a text cut at a fixed length) as a lone <c>\ud83d</c>, which no .NET string reader
    /// accepts. Each becomes <c>\ufffd</c> in place, so that one cut message does not hide a whole answer.
    /// </summary>
    private static void ReplaceHalfSurrogates(Span<byte> json)
    {
        for (var i = json.IndexOf((byte)'\\'); i >= 0 && i < json.Length - 1;)
        {
            var unit = UnicodeEscape(json[i..]);
            if (unit is null)
            {
                i += 2;
            }
            else if (char.IsHighSurrogate(unit.Value) && UnicodeEscape(json[(i + 6)..]) is { } next && char.IsLowSurrogate(next))
            {
                i += 12;
            }
            else
            {
                if (char.IsSurrogate(unit.Value))
                    "\\ufffd"u8.CopyTo(json[i..]);
                i += 6;
            }

            var gap = i < json.Length ? json[i..].IndexOf((byte)'\\') : -1;
            i = gap < 0 ? -1 : i + gap;
        }
    }

    private static char? UnicodeEscape(ReadOnlySpan<byte> json) =>
        json.Length >= 6 && json[0] == '\\' && json[1] == 'u'
        && ushort.TryParse(json[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
