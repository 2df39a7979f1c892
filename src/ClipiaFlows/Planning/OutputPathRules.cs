using System.Text;
using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>What an output path may be, so that it is the same file in Blob Storage and on every disk.</summary>
internal static partial class OutputPathRules
{
    private const int Longest = 200;

    // Linux takes names of 255 bytes; the command line appends ".partial" while it downloads.
    private const int MaxNameBytes = 240;

    // Names that the batch's own files have beside the outputs.
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "results.jsonl", "results.csv", "errors.jsonl", "summary.json", "gallery.html", "index.html",
    };

    /// <summary>What is expected instead, or null when the path is fine.</summary>
    /// <param name="planned">Hyphenated path with at most <c>{{ext}}</c> and <c>{{output}}</c> left in it.</param>
    public static string? Objection(string planned)
    {
        var last = OutputPathTemplate.Name(planned, "webp", 99);
        if (last.Length > Longest)
            return $"at most {Longest} characters";
        if (last.Split('/').Any(name => Encoding.UTF8.GetByteCount(name) > MaxNameBytes))
            return $"names of at most {MaxNameBytes} bytes in UTF-8";
        var path = OutputPathTemplate.Name(planned, "webp", 1);
        if (path.Contains('\\'))
            return "'/' between folders, not '\\'";
        if (path.StartsWith('/') || path.Contains(':'))
            return "a path relative to the batch's folder";
        if (Taken.Contains(path))
            return "a name that the batch's own files do not have";
        return path.Split('/').Select(ObjectionToSegment).FirstOrDefault(objection => objection is not null);
    }

    private static string? ObjectionToSegment(string segment) => segment switch
    {
        "" => "no empty folder or file names",
        "." or ".." => "no '.' and '..', the path stays below the batch's folder",
        _ when ObjectionToCharacter(segment) is { } expected => expected,
        _ when segment[^1] is '.' or ' ' => "names that do not end with a dot or space",
        _ when Reserved().IsMatch(segment) => "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)",
        _ => null,
    };

    private static string? ObjectionToCharacter(string segment)
    {
        Rune? before = null;
        foreach (var rune in segment.EnumerateRunes())
        {
            if (PathCharacters.Objection(rune, before) is { } expected)
                return expected;
            before = rune;
        }

        return null;
    }

    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9]) *(\.|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
