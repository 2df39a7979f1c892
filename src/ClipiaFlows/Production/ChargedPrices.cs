using System.Text.Json;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>
/// What the API charged instead of its estimates, by model and estimate. A batch is paused for each; who resumes it goes on
/// at these prices, so that is what other jobs of that model and estimate are reserved at from then on.
/// </summary>
internal sealed class ChargedPrices
{
    // A text column takes 32,768 characters. One that is forgotten pauses the batch again.
    private const int Most = 200;

    private readonly Dictionary<string, decimal> _prices;

    private ChargedPrices(Dictionary<string, decimal> prices) => _prices = prices;

    /// <summary>The prices that a batch knows of.</summary>
    public static ChargedPrices Of(BatchRow batch) =>
        new(batch.ChargedPricesJson is { } known ? JsonSerializer.Deserialize<Dictionary<string, decimal>>(known)! : []);

    /// <summary>What a job is expected to cost, never less than its estimate.</summary>
    public decimal Expect(string model, decimal estimate) => Math.Max(estimate, _prices.GetValueOrDefault(Key(model, estimate)));

    /// <summary>Whether nobody was told yet that such a job can cost so much, or so little.</summary>
    public bool IsNews(string model, decimal estimate, decimal charged) =>
        !_prices.ContainsKey(Key(model, estimate)) || charged > Expect(model, estimate);

    /// <summary>Writes down a price; the caller writes the row.</summary>
    public void Add(BatchRow batch, string model, decimal estimate, decimal charged)
    {
        if (_prices.Count >= Most)
            _prices.Clear();
        _prices[Key(model, estimate)] = charged;
        batch.ChargedPricesJson = JsonSerializer.Serialize(_prices);
    }

    private static string Key(string model, decimal estimate) => $"{model}|{CreditColumn.Write(estimate)}";
}
