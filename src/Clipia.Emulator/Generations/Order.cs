namespace Clipia.Emulator;

/// <summary>A checked and priced submit. Its course is decided once it is accepted, since deciding counts a scenario's occasions.</summary>
internal sealed record Order(string Id, ApiKey Key, GenerationModel Model, string Input, int Cost, Func<Course> Decide, string Origin)
{
    public string? WebhookUrl { get; init; }
    public string? IdempotencyKey { get; init; }
    public string? Fingerprint { get; init; }
}

internal enum AcceptanceKind { Accepted, TooManyRunning, NotEnoughCredits }

/// <param name="Kind">What the desk says.</param>
/// <param name="Generation">Set when accepted.</param>
/// <param name="Committed">Ends when the acceptance is on disk.</param>
internal readonly record struct Acceptance(AcceptanceKind Kind, Generation? Generation = null, Task? Committed = null);
