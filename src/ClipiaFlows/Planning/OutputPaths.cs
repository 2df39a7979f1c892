using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Plans where the outputs go, and sees to it that no two go to the same place.</summary>
internal sealed class OutputPaths(PlanFacts facts, ProblemList problems)
{
    private static readonly string[] Images = ["png", "jpg", "jpeg", "webp", "gif"];
    private static readonly string[] Videos = ["mp4", "webm", "mov"];

    private readonly Dictionary<string, Repetition> _files = new(StringComparer.OrdinalIgnoreCase);

    // Files with a written extension, by their path with the extension left open.
    private readonly Dictionary<string, Repetition> _written = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Repetition> _folders = new(StringComparer.OrdinalIgnoreCase);

    public string Plan(Repetition job, JsonElement input, string? kind)
    {
        var template = job.Template.OutputPath;
        var path = TextExpansion.Expand(template, name => job.Slugged(name, facts), problems, most: ManifestLimits.MaxExpandedName);
        if (path is null || template.IsBroken)
            return path ?? "";
        if (OutputPathRules.Objection(path) is { } expected)
        {
            problems.AddRepeated(
                ProblemCodes.BadPath, template.Pointer, Shown.Text(path), expected,
                $"'{Shown.Text(path)}' cannot be the path of an output: expected {expected}.");
            return path;
        }

        foreach (var number in Enumerable.Range(1, job.IsDouble ? 0 : Outputs(input)))
            Claim(job, OutputPathTemplate.Name(path, Extension(kind), number));
        return path;
    }

    private void Claim(Repetition job, string file)
    {
        for (var slash = file.IndexOf('/'); slash > 0; slash = file.IndexOf('/', slash + 1))
            _folders.TryAdd(file[..slash], job);

        var open = WithOpenExtension(file);
        var first = _files.GetValueOrDefault(file)
            ?? (open == file ? _written.GetValueOrDefault(file) : _files.GetValueOrDefault(open));
        _files.TryAdd(file, job);
        if (open != file)
            _written.TryAdd(open, job);
        if (first is not null)
        {
            Tell(
                job, file, "a path of its own for every output, ignoring case",
                $"The jobs '{Shown.Text(first.Id)}' and '{Shown.Text(job.Id)}' would both write '{Shown.Text(file)}'.");
        }
    }

    /// <summary>A file and a folder cannot have the same name on a disk, where outputs are downloaded to.</summary>
    public void TellFilesThatAreFolders()
    {
        foreach (var (file, job) in _files)
        {
            if (_folders.TryGetValue(file, out var other))
            {
                Tell(
                    job, file, "names of files that are not names of folders",
                    $"The job '{Shown.Text(job.Id)}' would write the file '{Shown.Text(file)}', where the job '{Shown.Text(other.Id)}' has a folder.");
            }
        }
    }

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
}
