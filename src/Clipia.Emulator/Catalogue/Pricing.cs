namespace Clipia.Emulator;

/// <summary>Price of a generation model: flat, or a base with a factor for each parameter value in force.</summary>
internal sealed record Pricing
{
    public decimal? Credits { get; init; }
    public decimal? CreditsBase { get; init; }
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal>>? Multipliers { get; init; }
    public string? Note { get; init; }

    /// <summary>Whole credits, rounded half away from zero, at least 1.</summary>
    public int CostOf(ModelInput input)
    {
        var credits = CreditsBase ?? Credits ?? 1;
        foreach (var (parameter, factors) in Multipliers ?? new Dictionary<string, IReadOnlyDictionary<string, decimal>>())
        {
            var value = input.Text(parameter);
            credits *= factors.FirstOrDefault(factor => factor.Key.Equals(value, StringComparison.OrdinalIgnoreCase), new("", 1)).Value;
        }
        if (input.Model.IsImage)
            credits *= input.ImageCount;
        return (int)Math.Max(1, Math.Round(credits, MidpointRounding.AwayFromZero));
    }
}
