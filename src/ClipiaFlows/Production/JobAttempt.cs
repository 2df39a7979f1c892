using System.Text.Json.Serialization;
using ClipiaFlows.Durable;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Production;

/// <summary>The input of RunJob and its activities: which attempt of which job, and where its plan is.</summary>
public sealed record JobAttempt
{
    /// <summary>The batch's id.</summary>
    [JsonPropertyName("batch")]
    public required string Batch { get; init; }

    /// <summary>The job's number in the plan.</summary>
    [JsonPropertyName("n")]
    public required int N { get; init; }

    /// <summary>The attempt, from 1; it grows only in Advance.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>The batch's part of the idempotency key.</summary>
    [JsonPropertyName("seed")]
    public required string Seed { get; init; }

    /// <summary>Where the job's line starts in the plan, in bytes.</summary>
    [JsonPropertyName("planOffset")]
    public required long PlanOffset { get; init; }

    /// <summary>How long that line is, in bytes.</summary>
    [JsonPropertyName("planLength")]
    public required int PlanLength { get; init; }

    /// <summary>The turn in the key's request rate that was taken for the submission, UTC.</summary>
    [JsonPropertyName("notBefore")]
    public required DateTime NotBefore { get; init; }

    /// <summary>When the job was claimed, UTC.</summary>
    [JsonPropertyName("claimedAt")]
    public DateTime ClaimedAt { get; init; }

    /// <summary>Credits that are reserved for it, by the estimate.</summary>
    [JsonPropertyName("estimate")]
    public decimal Estimate { get; init; }

    /// <summary>How long the submission may take, in seconds, until the job counts as unresolved.</summary>
    [JsonPropertyName("deadline")]
    public double? DeadlineSeconds { get; init; }

    /// <summary>Which earlier outputs are taken instead of paying again.</summary>
    [JsonPropertyName("reuse")]
    [JsonConverter(typeof(JsonStringEnumConverter<ReuseScope>))]
    public ReuseScope Reuse { get; init; }

    /// <summary>Polls made by earlier histories of this instance.</summary>
    [JsonPropertyName("polls")]
    public int Polls { get; init; }

    /// <summary>When the delivery was accepted that brought the result, UTC; for the measure of how fast the job resumed.</summary>
    [JsonPropertyName("toldAt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? ToldAt { get; init; }

    /// <summary>Context of the span that accepted the batch (W3C trace context).</summary>
    [JsonPropertyName("trace")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    /// <summary>The instance that runs it.</summary>
    [JsonIgnore]
    public string InstanceId => InstanceIds.ForJob(Batch, N, Attempt);
}
