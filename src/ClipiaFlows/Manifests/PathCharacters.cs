using System.Globalization;
using System.Text;

namespace ClipiaFlows.Manifests;

/// <summary>
/// The characters of output paths: letters, digits and the marks on them, of every script. Two names must not look the same, so
/// everything that cannot be seen, and every second form of a character, is refused.
/// </summary>
internal static class PathCharacters
{
    private const int ZeroWidthJoiner = 0x200D;
    private const int TextStyle = 0xFE0E, PictureStyle = 0xFE0F;

    /// <summary>Whether it is a letter or digit that has no plainer form.</summary>
    public static bool IsLetterOrDigit(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            => !IsInvisible(rune) && !NormalForm.IsCompatibility(rune),
        _ => false,
    };

    /// <summary>Whether it is a mark that stands on, below or beside a letter.</summary>
    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        && !IsInvisible(rune) && !NormalForm.IsCompatibility(rune);

    /// <summary>
    /// A written path in its composed form, with a hyphen for each run of punctuation and signs, <c>&amp;</c> for example. What has
    /// a meaning in paths stays, and is judged later; so do the characters that are refused.
    /// </summary>
    public static string Hyphenate(string written)
    {
        var text = new StringBuilder(written.Length);
        var isSign = false;
        foreach (var rune in NormalForm.Compose(written).EnumerateRunes())
        {
            // A picture may be several characters: with a color, or joined of others.
            var wasSign = isSign;
            isSign = IsSign(rune) || (wasSign && rune.Value is ZeroWidthJoiner or TextStyle or PictureStyle);
            if (!isSign)
                text.Append(rune.ToString());
            else if (!wasSign)
                text.Append('-');
        }

        return text.ToString();
    }

    /// <summary>Why a character of a hyphenated path is refused, as what is expected instead; null when it is fine.</summary>
    /// <param name="rune">The character.</param>
    /// <param name="before">The one before it in the same name, if any.</param>
    public static string? Objection(Rune rune, Rune? before)
    {
        if (rune.IsAscii)
        {
            return char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '.' or '_' or '-' or ' '
                ? null
                : $"no {Name(rune)}, which is a control character";
        }

        if (IsMark(rune))
        {
            return before is { } letter && (IsLetterOrDigit(letter) || IsMark(letter))
                ? null
                : $"a letter or digit before the mark {Name(rune)}";
        }

        return IsLetterOrDigit(rune) ? null : $"no {Name(rune)}, which {Fault(rune)}";
    }

    private static string Fault(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => "is a control character",
        _ when IsDirection(rune) => "changes the direction of text",
        _ when IsInvisible(rune) => "is invisible",
        _ when NormalForm.IsCompatibility(rune) => $"is another form of '{Plainer(rune)}'",
        UnicodeCategory.PrivateUse => "is for private use",
        UnicodeCategory.OtherNotAssigned => "is not assigned",
        UnicodeCategory.EnclosingMark => "encloses the character before it",
        _ => "is no letter or digit",
    };

    private static string Name(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    private static string Plainer(Rune rune) => NormalForm.ComposeCompatible(rune.ToString()).Trim() is { Length: > 0 } plainer ? plainer : " ";

    private static bool IsSign(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        _ when rune.Value is '/' or '\\' or ':' or '.' or '_' or '-' => false,
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
            or UnicodeCategory.OtherPunctuation or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol
            or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol => !IsInvisible(rune) && !NormalForm.IsCompatibility(rune),
        _ => false,
    };

    private static bool IsDirection(Rune rune) => rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Format characters and separators, and what Unicode calls ignorable by default in other categories.</summary>
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);
}
