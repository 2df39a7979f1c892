using System.Globalization;

namespace ClipiaFlows.Manifests;

/// <summary>What may be shown to people as it is: on pages, in a terminal, in a table.</summary>
internal static class PlainText
{
    /// <summary>Characters as people and JSON Schema count them: an emoji is one.</summary>
    public static int LengthOf(string text) => text.EnumerateRunes().Count();

    /// <summary>
    /// Whether a text is one line that nothing in it rearranges: no control characters, which steer a terminal, no separators
    /// of lines, and none of the characters that turn the direction of what follows, by which "a&lt;U+202E&gt;gnp.exe" is read as
    /// "aexe.png". Letters and marks of every script are fine.
    /// </summary>
    public static bool IsOneLine(string text) => !text.Any(character =>
        char.IsControl(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
