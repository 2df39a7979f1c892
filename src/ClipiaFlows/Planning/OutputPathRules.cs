using System.Text.RegularExpressions;

namespace ClipiaFlows.Planning;

/// <summary>What an output path may be, so that it is the same file in Blob Storage and on every disk.</summary>
internal static partial class OutputPathRules
{
    private const int Longest = 200;

    // Names that the batch's own files have beside the outputs.
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "results.jsonl", "results.csv", "errors.jsonl", "summary.json", "gallery.html", "index.html",
    };

    /// <summary>What is expected instead, or null when the path is fine.</summary>
    /// <param name="planned">Path with at most <c>{{ext}}</c> and <c>{{output}}</c> left in it.</param>
    public static string? Objection(string planned)
    {
        if (OutputPathTemplate.Name(planned, "webp", 99).Length > Longest)
            return $"at most {Longest} characters";
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
        _ when !Characters().IsMatch(segment) => "characters of A-Z, a-z, 0-9, '.', '_', ' ' and '-'",
        _ when segment[^1] is '.' or ' ' => "names that do not end with a dot or space",
        _ when Reserved().IsMatch(segment) => "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)",
        _ => null,
    };

    [GeneratedRegex(@"^[A-Za-z0-9._ -]+\z")]
    private static partial Regex Characters();

    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9]) *(\.|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
