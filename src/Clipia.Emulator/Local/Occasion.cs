namespace Clipia.Emulator;

/// <summary>One chance for a scenario to misbehave: a call, a generation, a webhook or a media fetch.</summary>
/// <param name="Model">Slug of the model, when there is one.</param>
/// <param name="Key">The key that called, or that the generation belongs to.</param>
/// <param name="Route">Name of the route, for calls.</param>
/// <param name="Generation">What it is about, once it was accepted.</param>
internal readonly record struct Occasion(string? Model, ApiKey? Key, string? Route = null, Generation? Generation = null)
{
    /// <summary>The input of a generation that is about to be accepted.</summary>
    public ModelInput? Input { get; init; }

    public static Occasion Of(Generation generation) => new(generation.Model.Slug, generation.Key, null, generation);

    /// <summary>The seed in the input, as text.</summary>
    public string? Seed => Input is { } input ? input.Text("seed") : Generation?.Seed;
}
