namespace ClipiaFlows.Manifests;

/// <summary>How large a manifest may be, as written and as expanded. What is larger is refused with a problem.</summary>
public static class ManifestLimits
{
    /// <summary>Bytes of a manifest that is received in a request: 64 MB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of a manifest that is read from the container of inputs: 256 MB.</summary>
    public const int MaxBlobBytes = 256 * 1024 * 1024;

    /// <summary>Bytes of one line of JSON Lines: 1 MB.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    /// <summary>Levels of nested objects and arrays, the root included.</summary>
    public const int MaxDepth = 64;

    /// <summary>Jobs of a batch after every matrix and <c>count</c> is expanded.</summary>
    public const int MaxJobs = 100_000;

    /// <summary>Combinations of a matrix that has <c>include</c> or <c>exclude</c>.</summary>
    public const int MaxCombinations = 100_000;

    /// <summary>Dependencies of a batch, counted once per pair of jobs.</summary>
    public const int MaxEdges = 1_000_000;

    /// <summary>Characters that one expanded template, and bytes that one job's expanded input, may have: 256 KB.</summary>
    public const int MaxExpandedLength = 256 * 1024;

    /// <summary>
    /// Characters to which a template of an id, a model, a dependency or a path is expanded at most: far more than any of them
    /// may have, so that what is wrong with it can be told, and few enough for every job of a batch.
    /// </summary>
    public const int MaxExpandedName = 512;

    /// <summary>Bytes of all expanded inputs of a batch together: 128 MB.</summary>
    public const long MaxPlanBytes = 128L * 1024 * 1024;

    /// <summary>
    /// Steps of planning a manifest, such as a variable put into a text, a job found by a name, or a combination held against a rule.
    /// </summary>
    public const long MaxPlanningSteps = 20_000_000;

    /// <summary>Problems told at once; what is beyond is counted in one last problem.</summary>
    public const int MaxProblems = 1_000;

    /// <summary>Different warnings that are listed.</summary>
    public const int MaxWarnings = 100;
}
