using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>A job as written, its strings taken apart and the defaults put in.</summary>
internal sealed class JobTemplate
{
    private Dictionary<string, int>? _columns;

    public required ManifestJob Job { get; init; }

    public required Template Id { get; init; }

    /// <summary>Null when there is none, which is told already.</summary>
    public required Template? Model { get; init; }

    public required InputTemplate Input { get; init; }

    public required IReadOnlyList<Template> Needs { get; init; }

    public required Template OutputPath { get; init; }

    /// <summary>The matrix variables that it names anywhere, in the order of the matrix.</summary>
    public required MatrixVariable[] Variables { get; init; }

    /// <summary>
    /// The combinations of these variables that the matrix has, as positions in their values; null when it has them all.
    /// </summary>
    public required IReadOnlyList<int[]>? Combinations { get; init; }

    /// <summary>True when an earlier job has the same id as written; that is told already.</summary>
    public bool IsDouble { get; set; }

    public List<Repetition> Repetitions { get; } = [];

    /// <summary>How many jobs it stands for.</summary>
    public long Size => Id.IsBroken
        ? 0
        : Combinations is { } some
            ? (long)some.Count * Job.Count
            : Variables.Aggregate((long)Job.Count, (size, variable) => Math.Min(size * variable.Values.Count, ManifestLimits.MaxJobs + 1L));

    /// <summary>One of its combinations, as positions in the values of <see cref="Variables"/>; the last varies fastest.</summary>
    public int[] Combination(long number)
    {
        if (Combinations is { } some)
            return some[(int)number];
        var values = new int[Variables.Length];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = (int)(number % Variables[i].Values.Count);
            number /= Variables[i].Values.Count;
        }

        return values;
    }

    public int IndexOf(string variable) =>
        (_columns ??= Variables.Index().ToDictionary(known => known.Item.Name, known => known.Index, StringComparer.Ordinal))
        .GetValueOrDefault(variable, -1);

    /// <summary>
    /// What the id must be made to name, so that every repetition has its own: nothing where the values that it names tell
    /// the matrix's combinations apart already.
    /// </summary>
    public IEnumerable<string> Unnamed =>
        (TellsCombinationsApart ? [] : Variables.Select(variable => variable.Name))
            .Concat(Job.Count > 1 ? [Manifests.Variables.Index] : [])
            .Where(name => !Id.Names(name));

    private bool TellsCombinationsApart
    {
        get
        {
            if (Combinations is not { } some)
                return false;
            var named = Variables.Index().Where(variable => Id.Names(variable.Item.Name)).Select(variable => variable.Index).ToArray();
            return some.DistinctBy(values => string.Join(',', named.Select(column => values[column]))).Count() == some.Count;
        }
    }
}
