using System.Text.Json;

namespace Clipia;

/// <summary>
/// How a generation model is priced. For display and rough planning: how the service combines these is not published, so
/// ask <see cref="ModelsClient.EstimateAsync(string, System.Text.Json.JsonElement, CancellationToken)"/> for a price that holds.
/// </summary>
/// <param name="Credits">Flat price.</param>
/// <param name="CreditsBase">Price before multipliers.</param>
/// <param name="Multipliers">Factor by parameter name and value, such as <c>resolution</c>, <c>480p</c>, 0.6.</param>
/// <param name="Note">Free text.</param>
public sealed record ModelPricing(
    decimal? Credits,
    decimal? CreditsBase,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal>> Multipliers,
    string? Note)
{
    internal static ModelPricing? Read(JsonElement? json) => json is { } pricing
        ? new(pricing.Credits("credits"), pricing.Credits("credits_base"), ReadMultipliers(pricing), pricing.Text("note"))
        : null;

    private static Dictionary<string, IReadOnlyDictionary<string, decimal>> ReadMultipliers(JsonElement pricing)
    {
        var multipliers = new Dictionary<string, IReadOnlyDictionary<string, decimal>>();
        foreach (var parameter in pricing.Fields("multipliers"))
        {
            var factors = new Dictionary<string, decimal>();
            foreach (var factor in pricing.Object("multipliers")!.Value.Fields(parameter.Name))
            {
                if (factor.Value.AsDecimal() is { } number)
                    factors[factor.Name] = number;
            }
            multipliers[parameter.Name] = factors;
        }
        return multipliers;
    }
}
