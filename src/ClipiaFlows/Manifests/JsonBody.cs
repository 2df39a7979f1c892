namespace ClipiaFlows.Manifests;

/// <summary>Reads the JSON of requests by the same rules as manifests: UTF-8, with or without byte order mark, and text only.</summary>
public static class JsonBody
{
    /// <summary>The text without its byte order mark.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body[(int)(body.Length - JsonLines.WithoutMark(new(body)).Length)..];

    /// <summary>Everything that keeps it from being JSON text; empty when it is.</summary>
    /// <param name="text">A text without byte order mark.</param>
    /// <param name="isManifest">Whether other formats for lists of jobs are named.</param>
    public static IReadOnlyList<ManifestProblem> ProblemsOf(ReadOnlyMemory<byte> text, bool isManifest = true)
    {
        var problems = new ProblemList();
        JsonText.Check(text.Span, problems, isManifest: isManifest);
        return problems.ToList();
    }
}
