using System.Text;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Manifests;

/// <summary>Recognizes other formats that are sent in the place of a manifest.</summary>
internal static partial class ForeignText
{
    private const int MaxLines = 20;
    private const int MaxBytes = 16 * 1024;

    // Names that columns of prompt lists usually have.
    private static readonly HashSet<string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        "id", "prompt", "prompts", "text", "model", "name", "title", "input", "seed", "image", "image_url", "url", "aspect_ratio",
        "negative_prompt", "duration", "resolution", "path", "output", "file", "filename",
    };

    private static readonly (char Delimiter, string Name)[] Tables =
        [('\t', "TSV"), (',', "CSV"), (';', "CSV with semicolons"), ('|', "a table with vertical bars")];

    /// <summary>What the text is instead of JSON, and what to do; null when it begins like JSON.</summary>
    public static (string Name, string Advice)? NameOf(ReadOnlySpan<byte> utf8)
    {
        var lines = FirstLines(utf8);
        if (lines.Count == 0)
            return null;
        var first = (lines.Find(line => !line.TrimStart().StartsWith('#')) ?? lines[0]).TrimStart();
        if (first[0] == '<')
        {
            return HtmlStart().IsMatch(first)
                ? ("HTML", "save the manifest itself instead of a page that shows it")
                : ("XML", "convert it to JSON");
        }

        if (first[0] == '|')
            return ("a Markdown table", "write a job for each row");
        if (IsToml(lines))
            return ("TOML", "convert it to JSON");
        if (first[0] is '{' or '[' || first.StartsWith("//", StringComparison.Ordinal) || first.StartsWith("/*", StringComparison.Ordinal) || JsonField().IsMatch(first))
            return null;
        foreach (var (delimiter, name) in Tables)
        {
            if (IsTable(lines, delimiter))
                return (name, "write a job for each row");
        }

        if (lines.Count > 1 && Columns.Contains(lines[0].Trim().Trim('"')))
            return ("CSV", "write a job for each row");
        if (IsYaml(lines))
            return ("YAML", "convert it to JSON");
        return lines.Count > 1
            ? ("a list of lines of text", "write a job with an id and a prompt for each line")
            : ("plain text", "write a job with an id and a prompt");
    }

    private static List<string> FirstLines(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxBytes)]);
        return text.ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Take(MaxLines).ToList();
    }

    /// <summary>A first line of column names, and as many columns in the next.</summary>
    private static bool IsTable(List<string> lines, char delimiter)
    {
        var cells = lines[0].Split(delimiter);
        if (cells.Length < 2 || !cells.All(cell => ColumnName().IsMatch(cell.Trim())))
            return false;
        var known = cells.Count(cell => Columns.Contains(cell.Trim().Trim('"')));
        // Prompts have a space behind their commas.
        return known * 2 >= cells.Length
            || (lines.Count > 1 && Array.TrueForAll(cells, cell => cell.Trim() == cell) && lines[1].Split(delimiter).Length >= cells.Length);
    }

    private static bool IsYaml(List<string> lines) =>
        lines[0].StartsWith("---", StringComparison.Ordinal) || lines[0].StartsWith("%YAML", StringComparison.Ordinal)
        || (lines.Exists(line => YamlField().IsMatch(line)) && lines.TrueForAll(line => YamlLine().IsMatch(line)));

    private static bool IsToml(List<string> lines) =>
        lines.Exists(line => TomlField().IsMatch(line)) && lines.TrueForAll(line => TomlField().IsMatch(line) || TomlOther().IsMatch(line));

    [GeneratedRegex(@"^<(!doctype\s+html|html|head|body)\b", RegexOptions.IgnoreCase)]
    private static partial Regex HtmlStart();

    [GeneratedRegex("^\"[^\"]*\"\\s*:")]
    private static partial Regex JsonField();

    [GeneratedRegex("^\"?[\\p{L}_][\\p{L}\\p{N}_ .-]{0,39}\"?$")]
    private static partial Regex ColumnName();

    [GeneratedRegex(@"^\s*(- )?[A-Za-z_$][\w.$-]*\s*:(\s|$)")]
    private static partial Regex YamlField();

    [GeneratedRegex(@"^(\s*(- )?[A-Za-z_$][\w.$-]*\s*:(\s|$)|\s*-(\s|$)|\s+\S|#|---|\.\.\.)")]
    private static partial Regex YamlLine();

    [GeneratedRegex(@"^\s*[A-Za-z_][\w.-]*\s*=\s*\S")]
    private static partial Regex TomlField();

    [GeneratedRegex(@"^(\s*#|\s*\[\[?[A-Za-z_][\w.-]*\]\]?\s*$)")]
    private static partial Regex TomlOther();
}
