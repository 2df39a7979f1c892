using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClipiaFlows.Manifests;

/// <summary>
/// Makes a value fit for ids and paths: other characters become a single hyphen. Where letters are lost, a hash of the value is
/// appended, so that <c>東京</c> and <c>大阪</c> have different ids.
/// </summary>
internal static class Slug
{
    /// <summary>Characters of the hash that is appended: 30 bits.</summary>
    private const int HashLength = 6;

    /// <summary>Characters of the whole hash.</summary>
    private const int MaxHashLength = 48;

    private const string Base32 = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>In ASCII, as ids are: <c>[A-Za-z0-9._-]</c>, letters without their accents.</summary>
    public static string ForId(string value) => value.All(IsPlain) ? value : Finish(value, IdWords(value), HashLength, always: false);

    /// <summary>What of a value can be read in an id: without a hash, perhaps empty, and the same for different values.</summary>
    public static string Readable(string value) => IdWords(value).Text;

    /// <summary>With letters and digits of every script, as paths may have them.</summary>
    public static string ForPath(string value) => value.All(IsPlain) ? value : Finish(value, PathWords(value), HashLength, always: false);

    /// <summary>
    /// An id for each of different values, different from those of all others ignoring case. Of values whose ids would be the same,
    /// such as <c>Müller</c> and <c>Muller</c>, the first that needs no change keeps it and the others have a hash.
    /// </summary>
    public static string[] DistinctIds(IReadOnlyList<string> values)
    {
        var ids = values.Select(ForId).ToArray();
        for (var length = HashLength; length <= MaxHashLength; length += HashLength)
        {
            var taken = Enumerable.Range(0, ids.Length)
                .GroupBy(i => ids[i], StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Skip(1).Any())
                .SelectMany(same => same.Where(i => i != same.FirstOrDefault(first => ids[first] == values[first], -1)))
                .ToList();
            if (taken.Count == 0)
                break;
            foreach (var i in taken)
                ids[i] = Finish(values[i], IdWords(values[i]), length, always: true);
        }

        return ids;
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';

    private static string Finish(string value, (string Text, bool HasLost) words, int length, bool always)
    {
        if (!always && !words.HasLost && words.Text.Length > 0)
            return words.Text;
        return words.Text.Length == 0 ? Hash(value)[..length] : $"{words.Text}-{Hash(value)[..length]}";
    }

    /// <summary>The same for one value in every normal form, on every machine.</summary>
    private static string Hash(string value)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(NormalForm.Compose(value)));
        return string.Create(MaxHashLength, hash, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var (at, shift) = (i * 5 / 8, 11 - i * 5 % 8);
                text[i] = Base32[((bytes[at] << 8 | bytes[at + 1]) >> shift) & 31];
            }
        });
    }

    private static (string Text, bool HasLost) IdWords(string value)
    {
        var words = new Words();
        foreach (var rune in NormalForm.DecomposeCompatible(value).EnumerateRunes())
        {
            if (rune.IsAscii && IsPlain((char)rune.Value))
                words.Add(rune);
            else if (LatinLetters.ToAscii(rune) is { } ascii)
                words.Add(ascii);
            else if (!IsMark(rune))
                words.Skip(rune);
        }

        return words.Result;
    }

    private static (string Text, bool HasLost) PathWords(string value)
    {
        var words = new Words();
        foreach (var rune in NormalForm.ComposeCompatible(value).EnumerateRunes())
        {
            if (rune.IsAscii ? IsPlain((char)rune.Value) : PathCharacters.IsLetterOrDigit(rune) || (PathCharacters.IsMark(rune) && words.EndsWithLetter))
                words.Add(rune);
            else if (!IsMark(rune))
                words.Skip(rune);
        }

        return words.Result;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>What remains of a value, with one hyphen for whatever lies between.</summary>
    private sealed class Words
    {
        private readonly StringBuilder _text = new();
        private bool _gap;
        private bool _hasLost;

        public (string Text, bool HasLost) Result => (_text.ToString(), _hasLost);

        public bool EndsWithLetter => !_gap && _text.Length > 0 && _text[^1] is not ('.' or '_' or '-');

        public void Add(Rune rune) => Add(rune.ToString());

        public void Add(string text)
        {
            if (text == "-")
            {
                _gap = _text.Length > 0;
                return;
            }

            if (_gap)
                _text.Append('-');
            _gap = false;
            _text.Append(text);
        }

        public void Skip(Rune rune)
        {
            _gap = _text.Length > 0;
            _hasLost |= IsLoss(rune);
        }

        /// <summary>Punctuation, spaces and signs such as ° or € are no loss; letters and pictures are.</summary>
        private static bool IsLoss(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
            UnicodeCategory.OtherSymbol => rune.Value > 0xFF,
            UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => true,
            _ => false,
        };
    }
}
