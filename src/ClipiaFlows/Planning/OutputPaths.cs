using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Plans where the outputs go, and sees to it that no two go to the same place.</summary>
internal sealed partial class OutputPaths(PlanFacts facts, ProblemList problems)
{
    private static readonly string[] Images = ["png", "jpg", "jpeg", "webp", "gif"];
    private static readonly string[] Videos = ["mp4", "webm", "mov"];

    // By caseless key: disks that ignore case or the form of accents keep one file where a blob container has two.
    private readonly Dictionary<string, (Repetition Job, string File)> _files = new(StringComparer.Ordinal);

    // Files with a written extension, by their path with the extension left open.
    private readonly Dictionary<string, (Repetition Job, string File)> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Repetition> _folders = new(StringComparer.Ordinal);

    public string Plan(Repetition job, JsonElement input, string? kind)
    {
        var template = job.Template.OutputPath;
        var expanded = TextExpansion.Expand(template, name => job.PathPart(name, facts), problems, most: ManifestLimits.MaxExpandedName);
        if (expanded is null || template.IsBroken)
            return expanded ?? "";
        var path = Hyphenated(expanded);
        if ((PercentEncoding().IsMatch(expanded) ? "the characters themselves, not percent-encoding" : OutputPathRules.Objection(path)) is { } expected)
        {
            problems.AddRepeated(
                ProblemCodes.BadPath, template.Pointer, Shown.Text(expanded), expected,
                $"'{Shown.Text(expanded)}' cannot be the path of an output.");
            return path;
        }

        foreach (var number in Enumerable.Range(1, job.IsDouble ? 0 : Outputs(input)))
            Claim(job, OutputPathTemplate.Name(path, Extension(kind), number));
        return path;
    }

    private void Claim(Repetition job, string file)
    {
        var key = NormalForm.CaselessKey(file);
        for (var slash = key.IndexOf('/'); slash > 0; slash = key.IndexOf('/', slash + 1))
            _folders.TryAdd(key[..slash], job);

        var open = WithOpenExtension(key);
        var first = _files.TryGetValue(key, out var same) || (open == key ? _written : _files).TryGetValue(open, out same) ? same : default;
        _files.TryAdd(key, (job, file));
        if (open != key)
            _written.TryAdd(open, (job, file));
        if (first.Job is not null)
        {
            var where = first.File == file || Ascii.IsValid(file) ? $"'{Shown.Text(file)}'" : $"'{Shown.Text(first.File)}' and '{Shown.Text(file)}', the same name on some disks";
            Tell(
                job, file, "a path of its own for every output, ignoring case",
                $"The jobs '{Shown.Text(first.Job.Id)}' and '{Shown.Text(job.Id)}' would both write {where}.");
        }
    }

    /// <summary>A file and a folder cannot have the same name on a disk, where outputs are downloaded to.</summary>
    public void TellFilesThatAreFolders()
    {
        foreach (var (key, (job, file)) in _files)
        {
            if (_folders.TryGetValue(key, out var other))
            {
                Tell(
                    job, file, "names of files that are not names of folders",
                    $"The job '{Shown.Text(job.Id)}' would write the file '{Shown.Text(file)}', where the job '{Shown.Text(other.Id)}' has a folder.");
            }
        }
    }

    /// <summary>Written punctuation becomes hyphens, as it does in variables.</summary>
    private static string Hyphenated(string path) =>
        string.Concat(Placeholders().Split(path).Select(part => part is OutputPathTemplate.Ext or OutputPathTemplate.Output ? part : PathCharacters.Hyphenate(part)));

    private void Tell(Repetition job, string file, string expected, string message) =>
        problems.AddRepeated(ProblemCodes.PathCollision, job.Template.OutputPath.Pointer, Shown.Text(file), expected, message);

    /// <summary>Stands for the extension that is not known yet; images and clips never have the same.</summary>
    private static string Extension(string? kind) => kind switch
    {
        "image" => "{image}",
        "video" => "{video}",
        _ => "{other}",
    };

    /// <summary>A written <c>.png</c> can meet an extension that turns out to be png.</summary>
    private static string WithOpenExtension(string file)
    {
        var dot = file.LastIndexOf('.') + 1;
        var ext = file[dot..];
        var kind = Images.Contains(ext, StringComparer.OrdinalIgnoreCase) ? "image"
            : Videos.Contains(ext, StringComparer.OrdinalIgnoreCase) ? "video"
            : null;
        return kind is null ? file : string.Concat(file.AsSpan(0, dot), Extension(kind));
    }

    private static int Outputs(JsonElement input) =>
        input.TryGetProperty("num_images", out var number)
        && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var count)
            ? Math.Clamp(count, 1, 16)
            : 1;

    [GeneratedRegex("%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")]
    private static partial Regex PercentEncoding();

    [GeneratedRegex(@"(\{\{(?:ext|output)\}\})")]
    private static partial Regex Placeholders();
}
