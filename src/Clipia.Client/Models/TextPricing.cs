using System.Text.Json;

namespace Clipia;

/// <summary>Prices of a text model, in credits per token; fractions with many digits.</summary>
/// <param name="Prompt">Per token read.</param>
/// <param name="Completion">Per token written.</param>
public sealed record TextPricing(decimal? Prompt, decimal? Completion)
{
    internal static TextPricing? Read(JsonElement? json) =>
        json is { } pricing ? new(pricing.Credits("prompt"), pricing.Credits("completion")) : null;
}
