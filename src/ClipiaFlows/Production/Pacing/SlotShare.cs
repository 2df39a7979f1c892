using System.Text.Json.Serialization;

namespace ClipiaFlows.Production.Pacing;

/// <summary>What a batch holds of a key's slots and what it wants besides.</summary>
/// <param name="Held">Slots that it holds.</param>
/// <param name="Wanted">Slots that it could use now and has not got.</param>
/// <param name="Weight">How much it counts among others, above 0; 1 is usual.</param>
/// <param name="At">When it said so.</param>
public sealed record SlotShare(
    [property: JsonPropertyName("held")] int Held,
    [property: JsonPropertyName("wanted")] int Wanted,
    [property: JsonPropertyName("weight")] double Weight,
    [property: JsonPropertyName("at")] DateTimeOffset At)
{
    /// <summary>How long a statement counts. Batches that live state theirs every minute.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private int Demand => Held + Wanted;

    /// <summary>Whole slots that it may still take until it has its fair share.</summary>
    public int MissingTo(double fair) => Math.Clamp((int)Math.Floor(fair) - Held, 0, Wanted);

    /// <summary>
    /// Weighted max-min shares: who wants less than its share gets what it wants, and the others divide the rest by weight.
    /// </summary>
    public static IReadOnlyDictionary<string, double> FairOf(IReadOnlyDictionary<string, SlotShare> all, int slots)
    {
        var fair = new Dictionary<string, double>(StringComparer.Ordinal);
        var left = (double)slots;
        var open = all.OrderBy(share => share.Value.Demand / share.Value.Weight).ToList();
        var weight = open.Sum(share => share.Value.Weight);
        foreach (var (name, share) in open)
        {
            // A tiny surplus, so that thirds of nine are three and not a little less.
            fair[name] = Math.Min(share.Demand, (left * share.Weight / weight) + 1e-9);
            left -= Math.Min(fair[name], left);
            weight -= share.Weight;
        }

        return fair;
    }
}
