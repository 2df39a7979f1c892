using System.Globalization;
using System.Text;

namespace Clipia.Shared;

/// <summary>
/// What copying, pasting and files with Windows line ends do to a key or a secret. Names the character and its place, never
/// the value. Compiled into each program that takes secrets.
/// </summary>
internal static class SecretText
{
    private static readonly string[] Schemes = ["Bearer ", "Basic ", "Key "];

    /// <summary>What is wrong with it, to follow its name: <c>ends with a line break (U+000D)</c>; <c>null</c> when nothing is, or it is empty.</summary>
    public static string? Flaw(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return null;
        if (Array.Find(Schemes, scheme => secret.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } known)
            return $"begins with '{known.Trim()}', which is added when it is sent";
        if (IsPlaceholder(secret))
            return "still holds a placeholder instead of a value";
        return FlawAtItsEnds(secret) ?? FlawInside(secret);
    }

    /// <summary>The same for a connection string, an address or a passphrase, which may hold spaces and any letter inside.</summary>
    public static string? FlawOfText(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (IsPlaceholder(text))
            return "still holds a placeholder instead of a value";
        return FlawAtItsEnds(text) ?? (text.EnumerateRunes().FirstOrDefault(rune => Rune.IsControl(rune) || IsInvisible(rune)) is { Value: not 0 } inside
            ? $"contains {Name(inside)}"
            : null);
    }

    private static string? FlawAtItsEnds(string secret)
    {
        Rune.DecodeFromUtf16(secret, out var first, out _);
        Rune.DecodeLastFromUtf16(secret, out var last, out _);
        return MustNotSurround(first) ? $"begins with {Name(first)}" : MustNotSurround(last) ? $"ends with {Name(last)}" : null;
    }

    private static string? FlawInside(string secret)
    {
        foreach (var rune in secret.EnumerateRunes())
        {
            if (rune.Value is <= ' ' or > '~')
                return $"contains {Name(rune)}";
        }

        return null;
    }

    private static bool IsPlaceholder(string secret) =>
        secret.Contains("...", StringComparison.Ordinal) || secret.Contains('\u2026')
        || (secret[0], secret[^1]) is ('<', '>') or ('{', '}') or ('[', ']') || secret.Contains("${", StringComparison.Ordinal);

    private static bool MustNotSurround(Rune rune) =>
        rune.Value is '"' or '\'' or '`' || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || IsInvisible(rune) || IsQuote(rune) || rune == Rune.ReplacementChar;

    private static bool IsQuote(Rune rune) =>
        rune.Value is 0xb4 or (>= 0x2018 and <= 0x201f) or 0x2032 or 0x2033 or 0x2039 or 0x203a or 0xab or 0xbb or (>= 0x300c and <= 0x300f) or 0xff02 or 0xff07;

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Name(Rune rune) => $"{Kind(rune)} (U+{rune.Value:X4})";

    private static string Kind(Rune rune) => rune.Value switch
    {
        '\r' or '\n' or 0x85 or 0x2028 or 0x2029 => "a line break",
        '\t' => "a tab",
        ' ' => "a space",
        0xfeff => "a byte order mark",
        _ when Rune.IsWhiteSpace(rune) => "a space",
        '"' or '\'' or '`' => "a quotation mark",
        _ when IsQuote(rune) => "a typographic quotation mark",
        _ when IsInvisible(rune) => "an invisible character",
        _ when Rune.IsControl(rune) => "a control character",
        _ => "a character outside ASCII",
    };
}
