using System.Text.Json.Serialization;

namespace ClipiaFlows.Notifications;

/// <summary>What the outbox needs next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TellStepKind>))]
public enum TellStepKind
{
    /// <summary>There is more to send at once.</summary>
    More,

    /// <summary>Somebody could not be told; to be tried again at <see cref="TellStep.WakeAt"/>.</summary>
    Wait,

    /// <summary>Everybody has everything.</summary>
    Idle,
}

/// <summary>The answer of <see cref="SendEvents"/>.</summary>
public sealed record TellStep
{
    /// <summary>What is next.</summary>
    [JsonPropertyName("kind")]
    public required TellStepKind Kind { get; init; }

    /// <summary>For <see cref="TellStepKind.Wait"/>: until when, UTC.</summary>
    [JsonPropertyName("wakeAt")]
    public DateTime? WakeAt { get; init; }

    /// <summary>There is more to send at once.</summary>
    public static TellStep More { get; } = new() { Kind = TellStepKind.More };

    /// <summary>Everybody has everything.</summary>
    public static TellStep Idle { get; } = new() { Kind = TellStepKind.Idle };

    /// <summary>Nothing can be sent before that moment.</summary>
    public static TellStep WaitUntil(DateTimeOffset wakeAt) => new() { Kind = TellStepKind.Wait, WakeAt = wakeAt.UtcDateTime };
}
