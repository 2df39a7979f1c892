using System.Globalization;
using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Delivery;

/// <summary>
/// Keeps spreadsheets from running text as a formula: an apostrophe is put before everything that one could take for the
/// beginning of a formula, at the start of a cell and behind a separator, where a spreadsheet of another locale splits it.
/// </summary>
/// <remarks>
/// Blanks, characters that cannot be seen, quotes and apostrophes before the sign make no difference. Who wants the text back
/// removes one apostrophe from each of these places where it stands before such a beginning; text that had one already has two.
/// </remarks>
internal static class FormulaGuard
{
    public static string Guard(string text)
    {
        if (!Start(text, out var starts))
            return text;
        var guarded = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (i == 0 ? starts[0] || StartsWithBreak(text) : starts[i] && IsSeparator(text[i - 1]))
                guarded.Append('\'');
            guarded.Append(text[i]);
        }

        return guarded.ToString();
    }

    /// <summary>Marks every place from which on nothing but blanks stands before a sign; read backwards, so that each is looked at once.</summary>
    private static bool Start(string text, out bool[] starts)
    {
        starts = new bool[text.Length];
        var any = StartsWithBreak(text);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            starts[i] = IsSign(text[i]) || (i + 1 < text.Length && starts[i + 1] && IsPassedOver(text, i));
            any |= starts[i];
        }

        return any;
    }

    private static bool StartsWithBreak(string text) => text.AsSpan().TrimStart('\'') is ['\t' or '\r' or '\n', ..];

    private static bool IsSeparator(char character) => character is ',' or ';' or '|' or '\t' or '\r' or '\n';

    private static bool IsSign(char character) => character is '=' or '+' or '-' or '@' or '\u2212'
        || (character > '\u007F' && NormalForm.IsCompatibility(character) && NormalForm.ComposeCompatible(character.ToString()) is "=" or "+" or "-" or "@" or "\u2212");

    private static bool IsPassedOver(string text, int i) => text[i] is '"' or '\'' || char.IsWhiteSpace(text[i]) || char.IsControl(text[i])
        || CharUnicodeInfo.GetUnicodeCategory(text, char.IsLowSurrogate(text[i]) && i > 0 ? i - 1 : i) is UnicodeCategory.Format
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        || text[i] is '\u115F' or '\u1160' or '\u2800' or '\u3164' or '\uFFA0';
}
