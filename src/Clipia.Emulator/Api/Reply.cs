namespace Clipia.Emulator;

/// <summary>An answer before it is written.</summary>
internal sealed record Reply(int Status, object Body)
{
    /// <summary>Whole seconds.</summary>
    public int? RetryAfter { get; init; }

    public string? Allow { get; init; }

    /// <summary>The connection is cut instead of answering.</summary>
    public bool Reset { get; init; }

    /// <summary>The effect that spoils the answer, and how, if any does.</summary>
    public ScenarioRule? Spoiled { get; init; }

    /// <summary>Sent once the answer has been flushed.</summary>
    public Delivery? Announce { get; init; }

    public static Reply Ok(object body) => new(StatusCodes.Status200OK, body);

    public static readonly Reply Cut = new(0, new object()) { Reset = true };
}
