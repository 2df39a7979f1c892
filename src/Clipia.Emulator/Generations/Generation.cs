using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>
/// One accepted submit. Its whole course is decided when it is accepted, so that the clock alone drives it and a restart
/// changes nothing. The outcome may change only once more, by a cancellation before the end.
/// </summary>
internal sealed class Generation
{
    public required long Sequence { get; init; }
    public required string Id { get; init; }
    public required ApiKey Key { get; init; }
    public required GenerationModel Model { get; init; }

    /// <summary>The input as JSON text.</summary>
    public required string Input { get; init; }

    public string? WebhookUrl { get; init; }
    public required int Cost { get; init; }

    /// <summary>Scheme, host and port under which the submitter reached the emulator.</summary>
    public required string Origin { get; init; }

    public string? IdempotencyKey { get; init; }
    public string? Fingerprint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset FinishesAt { get; set; }
    public required string Outcome { get; set; }
    public GenerationError? Error { get; set; }
    public bool Settled { get; set; }
    public Delivery? Delivery { get; set; }

    /// <summary>The seed in the input, as text.</summary>
    public string? Seed
    {
        get
        {
            using var document = JsonDocument.Parse(Input);
            return new ModelInput(Model, document.RootElement).Text("seed");
        }
    }

    public string StatusAt(DateTimeOffset now) =>
        Settled ? Outcome : now < StartsAt ? GenerationStatus.InQueue : GenerationStatus.InProgress;

    /// <summary>A hint, as upstream: how many half seconds are left in the queue.</summary>
    public int QueuePositionAt(DateTimeOffset now) => (int)Math.Max(0, (StartsAt - now).TotalSeconds * 2);

    public int ProgressAt(DateTimeOffset now) =>
        Settled ? 100 : (int)Math.Clamp(100 * (now - StartsAt) / (FinishesAt - StartsAt), 0, 99);

    /// <summary>reserved, charged or refunded; null for a test key, which costs nothing.</summary>
    public string? LedgerState =>
        Key.IsTest ? null : !Settled ? "reserved" : Outcome == GenerationStatus.Completed ? "charged" : "refunded";
}
