using System.Collections.Frozen;
using System.Text;

namespace ClipiaFlows.Manifests;

/// <summary>Latin letters that are no letter with an accent to Unicode, as people write them in ASCII.</summary>
internal static class LatinLetters
{
    private static readonly FrozenDictionary<int, string> All = new (string Letters, string Ascii)[]
    {
        ("Ə", "E"), ("ə", "e"), ("Æ", "AE"), ("æ", "ae"), ("Œ", "OE"), ("œ", "oe"), ("ẞ", "SS"), ("ß", "ss"), ("Þ", "Th"), ("þ", "th"),
        ("Ŋ", "Ng"), ("ŋ", "ng"), ("Ⱥ", "A"), ("ⱥɑ", "a"), ("ɃƁ", "B"), ("ƀɓ", "b"), ("ȻƇ", "C"), ("ȼƈ", "c"), ("ĐÐƉƊ", "D"), ("đðɖɗ", "d"),
        ("ɆƐƎ", "E"), ("ɇɛǝ", "e"), ("Ƒ", "F"), ("ƒ", "f"), ("ǤƓƔ", "G"), ("ǥɠɣ", "g"), ("ĦⱧ", "H"), ("ħⱨ", "h"), ("ƗƖ", "I"), ("ıɨɩ", "i"),
        ("Ɉ", "J"), ("ȷɉ", "j"), ("ƘⱩ", "K"), ("ĸƙⱪ", "k"), ("ŁȽⱠⱢ", "L"), ("łƚⱡɫ", "l"), ("ƝȠ", "N"), ("ɲƞ", "n"), ("ØƆƟ", "O"), ("øɔɵ", "o"),
        ("ƤⱣ", "P"), ("ƥᵽ", "p"), ("ɌⱤ", "R"), ("ɍɽ", "r"), ("Ꞩ", "S"), ("ꞩȿ", "s"), ("ŦȾƬƮ", "T"), ("ŧⱦƭʈ", "t"), ("Ʉ", "U"), ("ʉ", "u"),
        ("Ʋ", "V"), ("ʋ", "v"), ("Ⱳ", "W"), ("ⱳ", "w"), ("ƳɎ", "Y"), ("ƴɏ", "y"), ("ƵȤⱫ", "Z"), ("ƶȥⱬɀ", "z"),
    }.SelectMany(entry => entry.Letters.EnumerateRunes().Select(rune => (rune.Value, entry.Ascii))).ToFrozenDictionary(entry => entry.Value, entry => entry.Ascii);

    /// <summary>The letter in ASCII, or null when it is none of these.</summary>
    public static string? ToAscii(Rune rune) => All.GetValueOrDefault(rune.Value);
}
