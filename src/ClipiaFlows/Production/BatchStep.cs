using System.Text.Json.Serialization;

namespace ClipiaFlows.Production;

/// <summary>What a batch needs next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchStepKind>))]
public enum BatchStepKind
{
    /// <summary>There is more to do at once.</summary>
    Advance,

    /// <summary>Jobs must be priced and written down.</summary>
    Plan,

    /// <summary>Nothing to do before a wake-up, or <see cref="BatchStep.WakeAt"/>.</summary>
    Wait,

    /// <summary>All jobs have ended; the receipt is due.</summary>
    Finish,

    /// <summary>Its rows and papers are to be deleted.</summary>
    Delete,

    /// <summary>The batch is over.</summary>
    End,
}

/// <summary>The answer of RunBatch's activities.</summary>
public sealed record BatchStep
{
    /// <summary>What is next.</summary>
    [JsonPropertyName("kind")]
    public required BatchStepKind Kind { get; init; }

    /// <summary>For <see cref="BatchStepKind.Wait"/>: until when, UTC; <c>null</c> for nothing but a wake-up.</summary>
    [JsonPropertyName("wakeAt")]
    public DateTime? WakeAt { get; init; }

    /// <summary>Something is left to do now.</summary>
    public static BatchStep Next(BatchStepKind kind) => new() { Kind = kind };

    /// <summary>Nothing is left to do before that moment, or before a wake-up when there is none.</summary>
    public static BatchStep WaitUntil(DateTimeOffset? wakeAt) => new() { Kind = BatchStepKind.Wait, WakeAt = wakeAt?.UtcDateTime };
}
