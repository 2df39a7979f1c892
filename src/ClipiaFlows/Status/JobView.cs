using System.Text.Json;
using System.Text.Json.Serialization;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Status;

/// <summary>Why a job did not succeed.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people.</param>
public sealed record JobError(
    [property: JsonPropertyName("code")] string Code, [property: JsonPropertyName("message")] string? Message);

/// <summary>A job as the HTTP API shows it.</summary>
public sealed record JobView
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Its number in the plan.</summary>
    [JsonPropertyName("n")]
    public required int N { get; init; }

    /// <summary>The model's slug.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("state")]
    public required JobState State { get; init; }

    /// <summary>The attempt that is under way or was the last.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>The submission's id at Clipia, once there is one.</summary>
    [JsonPropertyName("requestId")]
    public string? RequestId { get; init; }

    /// <summary>The key that the submission was sent with.</summary>
    [JsonPropertyName("idempotencyKey")]
    public string? IdempotencyKey { get; init; }

    /// <summary>Credits: charged, once it has ended; before, what the submission costs.</summary>
    [JsonPropertyName("cost")]
    public decimal? Cost { get; init; }

    /// <summary>
    /// The attempt whose outputs it took instead of paying, as <c>batch/job id/attempt</c>; missing when it was generated.
    /// </summary>
    [JsonPropertyName("reusedFrom")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReusedFrom { get; init; }

    /// <summary>The matrix variables that made it; missing when there are none.</summary>
    [JsonPropertyName("variables")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Why it did not succeed.</summary>
    [JsonPropertyName("error")]
    public JobError? Error { get; init; }

    /// <summary>When its files are fetched again, after a try that failed; missing otherwise.</summary>
    [JsonPropertyName("nextTryAt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>Why the last try to fetch its files failed, while there is a next one; missing otherwise.</summary>
    [JsonPropertyName("lastFailure")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobError? LastFailure { get; init; }

    /// <summary>Why it is not running; missing when it runs or has ended.</summary>
    [JsonPropertyName("waitingFor")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>Its stored files.</summary>
    [JsonPropertyName("outputs")]
    public required IReadOnlyList<StoredOutput> Outputs { get; init; }

    /// <summary>When its submission was accepted.</summary>
    [JsonPropertyName("startedAt")]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [JsonPropertyName("finishedAt")]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>A job by its rows; the attempt's row is missing until it is claimed.</summary>
    public static JobView Of(JobRow job, AttemptRow? attempt)
    {
        var isActive = job.State is JobState.Submitting;
        var retriesCopy = isActive && attempt is { State: JobState.Copying, NextTryAt: not null };
        return new JobView
        {
            Id = job.Id,
            N = job.N,
            Model = job.Model,
            State = isActive && attempt is { HasEnded: false } ? attempt.State : isActive && attempt is not null ? JobState.Copying : job.State,
            Attempt = job.Attempt,
            RequestId = attempt?.RequestId,
            IdempotencyKey = attempt?.IdempotencyKey,
            Cost = isActive ? attempt?.Cost : job.Charged,
            Variables = JobFilter.VariablesOf(job),
            ReusedFrom = attempt?.ReusedFrom,
            Error = job.FinishedAt is not null && job.Code is { } code ? new JobError(code, job.Message) : null,
            NextTryAt = retriesCopy ? attempt!.NextTryAt : null,
            LastFailure = retriesCopy && attempt!.Code is { } failure ? new JobError(failure, attempt.Message) : null,
            Outputs = attempt?.FilesJson is { } files ? JsonSerializer.Deserialize<List<StoredOutput>>(files)! : [],
            StartedAt = attempt?.SubmittedAt,
            FinishedAt = job.FinishedAt,
        };
    }
}
