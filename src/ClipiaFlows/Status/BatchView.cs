using System.Text.Json;
using System.Text.Json.Serialization;
using ClipiaFlows.Manifests;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Status;

/// <summary>How many jobs stand where.</summary>
public sealed record JobCounts(
    [property: JsonPropertyName("total")] int Total,
    [property: JsonPropertyName("waiting")] int Waiting,
    [property: JsonPropertyName("ready")] int Ready,
    [property: JsonPropertyName("submitting")] int Submitting,
    [property: JsonPropertyName("generating")] int Generating,
    [property: JsonPropertyName("copying")] int Copying,
    [property: JsonPropertyName("succeeded")] int Succeeded,
    [property: JsonPropertyName("failed")] int Failed,
    [property: JsonPropertyName("canceled")] int Canceled,
    [property: JsonPropertyName("skipped")] int Skipped,
    [property: JsonPropertyName("unresolved")] int Unresolved);

/// <summary>Credits of a batch.</summary>
/// <param name="Estimated">The whole plan, by the API's estimates.</param>
/// <param name="Reserved">Estimates of the jobs under way.</param>
/// <param name="Charged">What finished jobs were charged.</param>
/// <param name="Committed">Estimates of unresolved and abandoned jobs: they may still be charged.</param>
/// <param name="Refunded">Reserved for accepted submissions that then failed and were not charged.</param>
/// <param name="Saved">Estimates of jobs that took the output of an earlier one.</param>
/// <param name="Budget">What the batch may spend at most; <c>null</c> for no limit.</param>
public sealed record BatchCredits(
    [property: JsonPropertyName("estimated")] decimal Estimated,
    [property: JsonPropertyName("reserved")] decimal Reserved,
    [property: JsonPropertyName("charged")] decimal Charged,
    [property: JsonPropertyName("committed")] decimal Committed,
    [property: JsonPropertyName("refunded")] decimal Refunded,
    [property: JsonPropertyName("saved")] decimal Saved,
    [property: JsonPropertyName("budget")] decimal? Budget);

/// <summary>The policy in force.</summary>
/// <param name="MaxConcurrency">Most jobs generating at a time.</param>
/// <param name="Retries">How often a job that failed upstream is tried again.</param>
/// <param name="OnBudget">What happens when no ready job fits into the budget any more.</param>
/// <param name="DeadlineAt">When submitting stops.</param>
/// <param name="JobDeadlineSeconds">How long a submission may take until its job counts as unresolved.</param>
/// <param name="ToleratedFailures">Failed jobs that are borne; with more, nothing more is submitted.</param>
/// <param name="SampleLeft">Sample jobs that may still be claimed before somebody must approve; <c>null</c> when nobody must any more.</param>
/// <param name="Reuse">Which earlier outputs are taken instead of paying again.</param>
public sealed record BatchPolicy(
    [property: JsonPropertyName("maxConcurrency")] int MaxConcurrency,
    [property: JsonPropertyName("retries")] int Retries,
    [property: JsonPropertyName("onBudget"), JsonConverter(typeof(CamelCaseName<OnBudget>))] OnBudget OnBudget,
    [property: JsonPropertyName("deadlineAt")] DateTimeOffset? DeadlineAt,
    [property: JsonPropertyName("jobDeadlineSeconds")] double? JobDeadlineSeconds,
    [property: JsonPropertyName("toleratedFailures")] int? ToleratedFailures,
    [property: JsonPropertyName("sampleLeft")] int? SampleLeft,
    [property: JsonPropertyName("reuse"), JsonConverter(typeof(CamelCaseName<ReuseScope>))] ReuseScope Reuse);

/// <summary>Words of the manifest, written as the manifest writes them.</summary>
/// <typeparam name="T">The words.</typeparam>
public sealed class CamelCaseName<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) where T : struct, Enum;

/// <summary>A batch as the HTTP API shows it.</summary>
public sealed record BatchView
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("state")]
    public required BatchState State { get; init; }

    /// <summary>Why, when there is something to say.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>When it was accepted.</summary>
    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything last changed.</summary>
    [JsonPropertyName("updatedAt")]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When its last job ended.</summary>
    [JsonPropertyName("finishedAt")]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How many jobs stand where.</summary>
    [JsonPropertyName("jobs")]
    public required JobCounts Jobs { get; init; }

    /// <summary>What its jobs wait for that are not running; empty when none waits.</summary>
    [JsonPropertyName("waitingFor")]
    public IReadOnlyList<WaitingJobs> WaitingFor { get; init; } = [];

    /// <summary>Credits.</summary>
    [JsonPropertyName("credits")]
    public required BatchCredits Credits { get; init; }

    /// <summary>The policy in force.</summary>
    [JsonPropertyName("policy")]
    public required BatchPolicy Policy { get; init; }

    /// <summary>Its tags.</summary>
    [JsonPropertyName("tags")]
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>For programs: why it is paused or was stopped.</summary>
    [JsonPropertyName("reasonCode")]
    public string? ReasonCode { get; init; }

    /// <summary>Where a page shows what it has made so far, as a path at the app; <c>null</c> in receipts.</summary>
    [JsonPropertyName("gallery"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gallery { get; init; }

    /// <summary>A batch by its row. How many of the jobs that hold a slot are still submitting, their own rows tell.</summary>
    public static BatchView Of(BatchRow batch, int submitting = 0) => new()
    {
        Id = batch.PartitionKey,
        Name = batch.Name,
        State = batch.State,
        Reason = batch.Reason,
        CreatedAt = batch.CreatedAt,
        UpdatedAt = batch.UpdatedAt,
        FinishedAt = batch.FinishedAt,
        Jobs = new JobCounts(
            batch.Total, batch.Waiting, batch.Ready, submitting, batch.Generating - submitting, batch.Copying + batch.RetryingCopy,
            batch.Succeeded, batch.Failed, batch.Canceled, batch.Skipped, batch.Unresolved),
        Credits = new BatchCredits(
            batch.Estimated, batch.Reserved, batch.Charged, batch.Committed, batch.Refunded, batch.Saved, batch.Budget),
        Policy = new BatchPolicy(
            batch.MaxConcurrency, batch.Retries, batch.OnBudget, batch.DeadlineAt, batch.JobDeadlineSeconds,
            batch.ToleratedFailures, batch.SampleLeft, batch.Reuse),
        Tags = TagsOf(batch.TagsJson),
        ReasonCode = batch.ReasonCode,
    };

    internal static IReadOnlyDictionary<string, string> TagsOf(string? json) =>
        string.IsNullOrEmpty(json) ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
}
