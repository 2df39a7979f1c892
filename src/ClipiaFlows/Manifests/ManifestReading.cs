using System.Globalization;

namespace ClipiaFlows.Manifests;

/// <summary>What came of reading a manifest.</summary>
/// <param name="Manifest">
/// The manifest, also when it has problems, as far as it could be understood: what could not be is left out, so that
/// planning it tells the problems that only planning sees. Null when the text is no JSON object within the limits.
/// </param>
/// <param name="Problems">Everything wrong with its shape; empty when nothing is.</param>
public sealed record ManifestReading(Manifest? Manifest, IReadOnlyList<ManifestProblem> Problems)
{
    private const string Jobs = "/jobs/";

    /// <summary>The form it was written in.</summary>
    public ManifestFormat Format { get; init; }

    /// <summary><see cref="ManifestHash"/> of the text; empty when it has problems.</summary>
    public string Hash { get; init; } = "";

    /// <summary>For JSON Lines: the line of each job, from 1.</summary>
    internal IReadOnlyList<int>? JobLines { get; init; }

    /// <summary>For JSON Lines: the line of what stands before the jobs.</summary>
    internal int HeaderLine { get; init; }

    /// <summary>The problems with the lines that they stand in, where the manifest is JSON Lines.</summary>
    internal IReadOnlyList<ManifestProblem> WithLines(IReadOnlyList<ManifestProblem> problems) =>
        JobLines is null ? problems : problems.Select(problem => problem with { Line = LineOf(problem.Pointer) }).ToList();

    /// <summary>The same for warnings.</summary>
    internal IReadOnlyList<ManifestWarning> WithLines(IReadOnlyList<ManifestWarning> warnings) =>
        JobLines is null || warnings.Count == 0 ? warnings : warnings.Select(warning => warning with { Line = LineOf(warning.Pointer) }).ToList();

    private int? LineOf(string pointer)
    {
        if (!pointer.StartsWith(Jobs, StringComparison.Ordinal))
            return pointer == "/jobs" || HeaderLine == 0 ? null : HeaderLine;
        var end = pointer.IndexOf('/', Jobs.Length);
        var index = int.Parse(pointer.AsSpan(Jobs.Length, (end < 0 ? pointer.Length : end) - Jobs.Length), CultureInfo.InvariantCulture);
        return JobLines![index];
    }
}
