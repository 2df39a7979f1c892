namespace ClipiaFlows.Manifests;

/// <summary>Reads the JSON of requests by the same rules as manifests: UTF-8, with or without byte order mark, and text only.</summary>
public static class JsonBody
{
    /// <summary>The text without its byte order mark.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body[(int)(body.Length - JsonLines.WithoutMark(new(body)).Length)..];

    /// <summary>Everything that keeps it from being JSON text; empty when it is.</summary>
    /// <param name="text">A text without byte order mark.</param>
    public static IReadOnlyList<ManifestProblem> ProblemsOf(ReadOnlyMemory<byte> text)
    {
        var problems = new ProblemList();
        JsonText.Check(text.Span, problems);
        return problems.ToList();
    }
}
