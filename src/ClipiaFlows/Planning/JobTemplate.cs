using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>A job as written, its strings taken apart and the defaults put in.</summary>
internal sealed class JobTemplate
{
    public required ManifestJob Job { get; init; }

    public required Template Id { get; init; }

    /// <summary>Null when there is none, which is told already.</summary>
    public required Template? Model { get; init; }

    public required InputTemplate Input { get; init; }

    public required IReadOnlyList<Template> Needs { get; init; }

    public required Template OutputPath { get; init; }

    /// <summary>The matrix variables that it names anywhere, in the order of the matrix.</summary>
    public required MatrixVariable[] Variables { get; init; }

    /// <summary>True when an earlier job has the same id as written; that is told already.</summary>
    public bool IsDouble { get; set; }

    public List<Repetition> Repetitions { get; } = [];

    /// <summary>How many jobs it stands for.</summary>
    public long Size => Id.IsBroken ? 0 : Variables.Aggregate((long)Job.Count, (size, variable) =>
        Math.Min(size * variable.Values.Count, ManifestLimits.MaxJobs + 1L));

    public int IndexOf(string variable) => Array.FindIndex(Variables, known => known.Name == variable);

    /// <summary>What the id must be made to name, so that every repetition has its own.</summary>
    public IEnumerable<string> Unnamed =>
        Variables.Select(variable => variable.Name)
            .Concat(Job.Count > 1 ? [Manifests.Variables.Index] : [])
            .Where(name => !Id.Names(name));
}
