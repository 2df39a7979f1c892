using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Reads a manifest and tells all that is wrong with its shape at once.</summary>
/// <remarks>
/// What depends on expanding it (variables, ids, dependencies, models, inputs, output paths) is told by
/// <see cref="Planning.Planner"/>, which takes the reading as it is.
/// </remarks>
public static class ManifestReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a manifest as received. Never throws for what stands in it. The bytes are not kept.</summary>
    /// <param name="utf8">JSON in UTF-8, with or without byte order mark.</param>
    public static ManifestReading Read(ReadOnlyMemory<byte> utf8)
    {
        var problems = new ProblemList();
        var text = utf8.Span.StartsWith(ByteOrderMark) ? utf8.Span[ByteOrderMark.Length..] : utf8.Span;
        var manifest = JsonText.Check(text, problems) ? Understand(JsonElement.Parse(text), problems) : null;
        return new(manifest, problems.ToList());
    }

    private static Manifest? Understand(JsonElement element, ProblemList problems)
    {
        var nearest = new Nearest();
        var root = ObjectReader.Open(element, "", ManifestFields.Root, NotYetSupported.Root, problems, nearest);
        if (root is null)
            return null;

        root.Text("$schema");
        var jobs = new JobsReader(problems, nearest, hasDefaultModel: HasDefaultModel(root));
        return new()
        {
            Version = root.Integer("version", 1, 1) ?? 1,
            Id = HeaderReader.Id(root, problems),
            Name = HeaderReader.Name(root, problems),
            Tags = HeaderReader.Tags(root, problems),
            Defaults = jobs.Defaults(root),
            Matrix = MatrixReader.Read(root, problems),
            Jobs = jobs.Read(root),
            Policy = PolicyReader.Read(root, problems, nearest),
        };
    }

    private static bool HasDefaultModel(ObjectReader root) =>
        root.Any("defaults") is { } defaults
        && (defaults.ValueKind != JsonValueKind.Object || defaults.TryGetProperty("model", out _));
}
