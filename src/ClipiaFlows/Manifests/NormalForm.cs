using System.Globalization;
using System.Text;

namespace ClipiaFlows.Manifests;

/// <summary>
/// Normal forms of Unicode (UAX #15). The app runs with invariant globalization, where <see cref="string.Normalize()"/> returns
/// every text as it is.
/// </summary>
internal static class NormalForm
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>Composed (NFC): <c>e</c> and an accent become <c>é</c>.</summary>
    public static string Compose(string text) => Ascii.IsValid(text) ? text : Compose(Decompose(text, compatibility: false));

    /// <summary>Composed, with compatibility characters replaced (NFKC): a full-width <c>Ａ</c> becomes <c>A</c>.</summary>
    public static string ComposeCompatible(string text) => Ascii.IsValid(text) ? text : Compose(Decompose(text, compatibility: true));

    /// <summary>Decomposed, with compatibility characters replaced (NFKD).</summary>
    public static string DecomposeCompatible(string text) => Ascii.IsValid(text) ? text : ToText(Decompose(text, compatibility: true));

    /// <summary>Whether it is another form of a plainer character, such as a full-width letter or a ligature.</summary>
    public static bool IsCompatibility(Rune rune) => IsCompatibility(rune.Value);

    /// <summary>The same of a code point, or of half of one, which is none.</summary>
    public static bool IsCompatibility(int codePoint) => codePoint > 0x7F && Data.Value.Compatible.ContainsKey(codePoint);

    /// <summary>
    /// What texts have in common that differ only in letter case, accents written in one or two characters, or compatibility
    /// characters: <c>Straße</c>, <c>STRASSE</c> and <c>ＳＴＲＡＳＳＥ</c> have the same key. Not for display.
    /// </summary>
    public static string CaselessKey(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Decompose(text, compatibility: true))
        {
            // Of the letters that fold into several, only these are not decomposed before.
            var lower = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            _ = lower.Value switch
            {
                'ß' => folded.Append("ss"),
                0x0345 => folded.Append('ι'),
                _ => folded.Append(lower.ToString()),
            };
        }

        return DecomposeCompatible(folded.ToString());
    }

    private static List<Rune> Decompose(string text, bool compatibility)
    {
        var data = Data.Value;
        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value - HangulBase is >= 0 and < LeadCount * VowelCount * TailCount and var syllable)
                AddHangul(runes, syllable);
            else if (compatibility && data.Compatible.TryGetValue(rune.Value, out var replaced) || data.Canonical.TryGetValue(rune.Value, out replaced))
                runes.AddRange(replaced);
            else
                runes.Add(rune);
        }

        SortMarks(runes, data);
        return runes;
    }

    private static void AddHangul(List<Rune> runes, int syllable)
    {
        runes.Add(new(LeadBase + syllable / (VowelCount * TailCount)));
        runes.Add(new(VowelBase + syllable % (VowelCount * TailCount) / TailCount));
        if (syllable % TailCount is > 0 and var tail)
            runes.Add(new(TailBase + tail));
    }

    /// <summary>Marks on one letter stand in the order of their classes; those of the same class as they were written.</summary>
    private static void SortMarks(List<Rune> runes, Tables data)
    {
        for (var first = 0; first < runes.Count; first++)
        {
            var end = first;
            while (end < runes.Count && data.ClassOf(runes[end]) > 0)
                end++;
            if (end - first < 2)
                continue;
            var sorted = runes.GetRange(first, end - first).OrderBy(data.ClassOf).ToList();
            for (var i = 0; i < sorted.Count; i++)
                runes[first + i] = sorted[i];
            first = end;
        }
    }

    private static string Compose(List<Rune> runes)
    {
        var data = Data.Value;
        var composed = new List<Rune>(runes.Count);
        var (starter, lastClass) = (-1, 0);
        foreach (var rune in runes)
        {
            var mark = data.ClassOf(rune);
            // A mark reaches its letter unless one of its own class, or a letter, stands between them.
            var isNext = starter >= 0 && (starter == composed.Count - 1 || (lastClass > 0 && lastClass < mark));
            if (isNext && Pair(composed[starter], rune, data) is { } both)
            {
                composed[starter] = both;
                continue;
            }

            if (mark == 0)
                starter = composed.Count;
            lastClass = mark;
            composed.Add(rune);
        }

        return ToText(composed);
    }

    private static Rune? Pair(Rune first, Rune second, Tables data)
    {
        if (first.Value - LeadBase is >= 0 and < LeadCount and var lead && second.Value - VowelBase is >= 0 and < VowelCount and var vowel)
            return new(HangulBase + (lead * VowelCount + vowel) * TailCount);
        if (first.Value - HangulBase is >= 0 and < LeadCount * VowelCount * TailCount and var syllable
            && syllable % TailCount == 0 && second.Value - TailBase is > 0 and < TailCount and var tail)
            return new(first.Value + tail);
        return data.Composed.TryGetValue((first, second), out var both) ? both : null;
    }

    private static string ToText(List<Rune> runes)
    {
        var text = new StringBuilder(runes.Count);
        foreach (var rune in runes)
            text.Append(rune.ToString());
        return text.ToString();
    }

    private sealed record Tables(
        Dictionary<int, Rune[]> Canonical, Dictionary<int, Rune[]> Compatible, Dictionary<(Rune, Rune), Rune> Composed, Dictionary<int, byte> Classes)
    {
        public byte ClassOf(Rune rune) => Classes.GetValueOrDefault(rune.Value);

        public static Tables Read()
        {
            var data = new Tables([], [], [], []);
            var pairs = new List<(Rune Whole, Rune[] Parts)>();
            using var resource = typeof(NormalForm).Assembly.GetManifestResourceStream("ClipiaFlows.Manifests.unicode.txt")!;
            using var lines = new StreamReader(resource);
            while (lines.ReadLine() is { } line)
            {
                if (line.StartsWith('#'))
                    continue;
                if (line.IndexOf("..", StringComparison.Ordinal) is > 0 and var dots)
                {
                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    for (var code = Code(line.AsSpan(0, dots)); code <= Code(line.AsSpan((dots + 2)..colon)); code++)
                        data.Classes.Add(code, byte.Parse(line.AsSpan(colon + 1), CultureInfo.InvariantCulture));
                    continue;
                }

                var sign = line.IndexOfAny(['=', '-', '~']);
                var (whole, parts) = (Code(line.AsSpan(0, sign)), Array.ConvertAll(line[(sign + 1)..].Split(' '), part => new Rune(Code(part))));
                (line[sign] == '~' ? data.Compatible : data.Canonical).Add(whole, parts);
                if (line[sign] == '=')
                    pairs.Add((new(whole), parts));
            }

            // The parts are as small as can be; a letter with two accents is composed of the letter with one, and the other.
            var byParts = pairs.ToDictionary(pair => ToText([.. pair.Parts]), pair => pair.Whole, StringComparer.Ordinal);
            foreach (var (whole, parts) in pairs)
            {
                var first = parts.Length == 2 ? parts[0] : byParts[ToText([.. parts[..^1]])];
                data.Composed.Add((first, parts[^1]), whole);
            }

            return data;
        }

        private static int Code(ReadOnlySpan<char> hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
