using System.Text;

namespace ClipiaFlows.Manifests;

/// <summary>Names what people and programs write that other readers take for JSON: comments, JSON5, Python, typographic quotes.</summary>
internal static class JsonSlip
{
    private const string Comments = "comments are no part of JSON; remove them.";

    /// <summary>What breaks the JSON at a place, and what to do; null when it is none of the usual.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="offset">Where the reader stopped.</param>
    /// <param name="what">What the reader says.</param>
    public static string? At(ReadOnlySpan<byte> utf8, int offset, string what)
    {
        if (what.Contains("after a single JSON value", StringComparison.Ordinal) && utf8[offset..] is [(byte)'{' or (byte)'[', ..])
            return "a second JSON value begins here; write one object in all, or in JSON Lines each object on a line of its own.";
        if (what.Contains("within a JSON string", StringComparison.Ordinal))
            return utf8[offset..] is [(byte)'\n' or (byte)'\r', ..] ? "a string has a line break in it; write \\n." : null;

        // The reader may stop within a word that begins like true, false or null.
        var start = offset;
        while (start > 0 && start <= utf8.Length && IsWordPart(utf8[start - 1]) && (start == utf8.Length || IsWordPart(utf8[start])))
            start--;
        var rest = utf8[start..];
        return rest switch
        {
            [(byte)'/', (byte)'/' or (byte)'*', ..] or [(byte)'#', ..] => Comments,
            [(byte)'\'', ..] => "strings are in single quotes; write double quotes.",
            [(byte)'`', ..] => "strings are in backquotes; write double quotes.",
            [0xE2, 0x80, >= 0x98 and <= 0x9F, ..] or [0xC2, 0xAB or 0xBB, ..] => "a string is in typographic quotes; write straight double quotes.",
            [(byte)'}' or (byte)']', ..] when utf8[..start].TrimEnd(" \t\r\n"u8) is [.., (byte)','] => "a comma is behind the last item; remove it.",
            [(byte)'+' or (byte)'.', ..] => "JSON has no numbers such as +1 and .5; write 1 and 0.5.",
            [(byte)'0', (byte)'x' or (byte)'X', ..] => "JSON has no hexadecimal numbers; write them in decimal.",
            [>= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z' or (byte)'_' or (byte)'$', ..] => OfWord(rest),
            _ => null,
        };
    }

    private static string? OfWord(ReadOnlySpan<byte> rest)
    {
        var length = 0;
        while (length < rest.Length && IsWordPart(rest[length]))
            length++;
        if (rest[length..].TrimStart(" \t\r\n"u8) is [(byte)':', ..])
            return "the name of a field has no quotes; write it in double quotes.";
        return Encoding.UTF8.GetString(rest[..length]) switch
        {
            "True" or "False" or "None" => "Python's True, False and None are true, false and null in JSON.",
            "TRUE" or "FALSE" or "NULL" => "true, false and null are written in lower case.",
            "NaN" or "Infinity" or "undefined" => "JSON has no NaN, Infinity and undefined; leave the field out.",
            _ => null,
        };
    }

    private static bool IsWordPart(byte character) =>
        char.IsAsciiLetterOrDigit((char)character) || character is (byte)'_' or (byte)'$' or (byte)'-';
}
