using System.Text;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Cli.Downloads;

/// <summary>Where outputs go below a folder; decides for itself what a path may be, whatever the app says.</summary>
internal sealed partial class LocalPaths(string folder)
{
    private const int MaxNameBytes = 255;

    private static readonly string[] OwnFiles = ["gallery.html", "index.html", "results.jsonl", "errors.jsonl", "results.csv", "summary.json"];

    private readonly string _root = Path.GetFullPath(folder);
    private readonly HashSet<string> _taken = new(OwnFiles, StringComparer.OrdinalIgnoreCase);

    /// <summary>The file of a path, or why it has none. A path that another output has already has none.</summary>
    public (string? File, string? Objection) Claim(string path)
    {
        if (Objection(path) is { } objection)
            return (null, objection);
        return _taken.Add(Folded(path))
            ? (Path.Combine(_root, path), null)
            : (null, "another file of the batch has that name, ignoring case");
    }

    /// <summary>Makes the folders that lead to a file below the root; refuses links, which could lead elsewhere.</summary>
    public void CreateFolders(string file)
    {
        Directory.CreateDirectory(_root);
        var at = _root;
        foreach (var name in Path.GetRelativePath(_root, file).Split(Path.DirectorySeparatorChar)[..^1])
        {
            at = Path.Combine(at, name);
            if (new DirectoryInfo(at).LinkTarget is not null)
                throw new CommandFailure($"{at} is a link; remove it, files are only written below the folder itself.");
            Directory.CreateDirectory(at);
        }
    }

    internal static string? Objection(string path)
    {
        if (!TerminalText.IsPlain(path) || path.Contains('\uFFFD'))
            return "its name holds an invisible or control character";
        if (path.Contains('\\') || path.Contains(':') || path.StartsWith('/'))
            return "its path is not relative to the batch's folder";
        foreach (var name in path.Split('/'))
        {
            if (name is "" or "." or "..")
                return "its path leaves the batch's folder or has an empty name";
            if (name[^1] is '.' or ' ' || Reserved().IsMatch(name))
                return "Windows does not allow its name";
            if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
                return $"its name is longer than {MaxNameBytes} bytes";
        }

        return null;
    }

    private static string Folded(string path) => path.Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9]) *(\.|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();
}
