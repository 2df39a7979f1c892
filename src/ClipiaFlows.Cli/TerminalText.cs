using System.Globalization;
using System.Text;

namespace ClipiaFlows.Cli;

/// <summary>
/// Text of others, such as a manifest's or a server's, as it is shown: characters that would control the terminal, reorder what is
/// read or hide in it are written as <c>\u001b</c>, which is also how JSON writes them.
/// </summary>
internal static class TerminalText
{
    private const int MaxLines = 1000;
    private const int MaxLineLength = 4000;

    /// <summary>Keeps line ends and tabs.</summary>
    public static string Visible(string text) => Write(text, oneLine: false);

    /// <summary>Line ends become spaces.</summary>
    public static string OnOneLine(string text) => Write(text, oneLine: true);

    /// <summary>True when every character is shown as it is and is no line end or tab.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAny('\n', '\t') && Visible(text) == text;

    /// <summary>The same text with at most <see cref="MaxLines"/> lines of at most <see cref="MaxLineLength"/> characters.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= MaxLineLength)
            return text;
        var lines = text.Split('\n', MaxLines + 1);
        var shown = lines.Take(MaxLines).Select(line => line.Length <= MaxLineLength
            ? line
            : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[MaxLineLength - 1]) ? MaxLineLength - 1 : MaxLineLength), "…"));
        return string.Join('\n', lines.Length > MaxLines ? shown.Append("…") : shown);
    }

    private static string Write(string text, bool oneLine)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        StringBuilder? written = null;
        Rune before = default;
        for (var index = 0; index < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, index, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            var shown = text[index] switch
            {
                '\n' => oneLine ? " " : null,
                '\t' => oneLine ? " " : null,
                _ when !isWhole || (IsHidden(rune) && !JoinsLetters(rune, before, text.AsSpan(index + length))) => Escape(text.AsSpan(index, length)),
                _ => null,
            };
            if (shown is not null)
                written ??= new StringBuilder(text, 0, index, text.Length + 16);
            if (shown is not null)
                written!.Append(shown);
            else
                written?.Append(text, index, length);
            (before, index) = (rune, index + length);
        }

        return written?.ToString() ?? text;
    }

    private static string Escape(ReadOnlySpan<char> letters)
    {
        var text = new StringBuilder();
        foreach (var letter in letters)
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        return text.ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        // Signs that enclose Arabic, Syriac and Kaithi numbers are formats by category, but visible.
        UnicodeCategory.Format => rune.Value is not ((>= 0x600 and <= 0x605) or 0x6DD or 0x70F or 0x890 or 0x891 or 0x8E2 or 0x110BD or 0x110CD),
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0,
    };

    /// <summary>Joiners within emoji and within words of the scripts that need them hide nothing.</summary>
    private static bool JoinsLetters(Rune rune, Rune before, ReadOnlySpan<char> rest) =>
        rune.Value is 0x200C or 0x200D && IsJoined(before) && Rune.DecodeFromUtf16(rest, out var after, out _) == System.Buffers.OperationStatus.Done && IsJoined(after);

    private static bool IsJoined(Rune rune) => rune.Value > 0x2FF && !IsHidden(rune) && !Rune.IsWhiteSpace(rune);
}
