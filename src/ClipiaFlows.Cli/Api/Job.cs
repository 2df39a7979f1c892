using System.Text.Json;

namespace ClipiaFlows.Cli.Api;

/// <summary>One generation of a batch. Prompt and variables come with the results only.</summary>
internal sealed record Job(string Id, int N, string Model, string State, int Attempt, string? RequestId, decimal? Cost)
{
    public JobError? Error { get; init; }

    public DateTimeOffset? NextTryAt { get; init; }

    public JobError? LastFailure { get; init; }

    /// <summary>Why it is not running.</summary>
    public WaitingFor? WaitingFor { get; init; }

    public IReadOnlyList<JobOutput> Outputs { get; init; } = [];

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The app's own answer.</summary>
    public JsonElement Raw { get; init; }

    public string? Prompt { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Variables { get; init; }
}

/// <summary>Why a job has failed.</summary>
internal sealed record JobError(string Code, string? Message);

/// <summary>One file that a job has made; the path is relative to the folder of the batch.</summary>
internal sealed record JobOutput(string Path, string? ContentType, long? Bytes, string? Sha256, int? Width, int? Height, double? DurationSeconds)
{
    public bool IsVideo => ContentType?.StartsWith("video/", StringComparison.Ordinal) == true;

    public bool IsImage => ContentType?.StartsWith("image/", StringComparison.Ordinal) == true;
}

/// <summary>One page of jobs.</summary>
internal sealed record JobPage(IReadOnlyList<Job> Jobs);

/// <summary>The answer to an accepted manifest.</summary>
internal sealed record Accepted(string Id, string State, int Jobs)
{
    public IReadOnlyList<ManifestWarning> Warnings { get; init; } = [];

    /// <summary>The answer as it came, for machines.</summary>
    public JsonElement Raw { get; init; }
}
