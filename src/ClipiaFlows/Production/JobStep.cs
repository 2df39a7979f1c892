using System.Text.Json.Serialization;

namespace ClipiaFlows.Production;

/// <summary>Where an attempt stands after an activity.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStepKind>))]
public enum JobStepKind
{
    /// <summary>The same activity must be tried again at <see cref="JobStep.At"/>.</summary>
    TryAgain,

    /// <summary>Accepted upstream and not finished; worth a poll at <see cref="JobStep.At"/>.</summary>
    Generating,

    /// <summary>Finished upstream; the result has been read or can be read now.</summary>
    Generated,

    /// <summary>The outcome is recorded; nothing is left to do.</summary>
    Ended,
}

/// <summary>The answer of RunJob's activities. Expected failures are answers; exceptions are accidents of storage.</summary>
public sealed record JobStep
{
    /// <summary>Where the attempt stands.</summary>
    [JsonPropertyName("kind")]
    public required JobStepKind Kind { get; init; }

    /// <summary>The submission's id, once there is one.</summary>
    [JsonPropertyName("requestId")]
    public string? RequestId { get; init; }

    /// <summary>When the next try or poll is due, UTC.</summary>
    [JsonPropertyName("at")]
    public DateTime? At { get; init; }

    /// <summary>Whether the rows hold news for the batch.</summary>
    [JsonPropertyName("news")]
    public bool News { get; init; }

    /// <summary>The outcome is recorded, and the batch should know.</summary>
    public static JobStep Ended { get; } = new() { Kind = JobStepKind.Ended, News = true };

    /// <summary>Nothing came of it yet.</summary>
    public static JobStep TryAgain(DateTimeOffset at, bool news = false) =>
        new() { Kind = JobStepKind.TryAgain, At = at.UtcDateTime, News = news };

    /// <summary>Accepted and running.</summary>
    public static JobStep Generating(string requestId, DateTimeOffset pollAt) =>
        new() { Kind = JobStepKind.Generating, RequestId = requestId, At = pollAt.UtcDateTime };

    /// <summary>Finished upstream.</summary>
    public static JobStep Generated(string requestId) => new() { Kind = JobStepKind.Generated, RequestId = requestId };
}
