using System.Globalization;
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
    // A text column takes 32,768 characters, and slugs are the API's. One that is forgotten pauses the batch again.
    private const int Most = 200;
    private const int MaxStoredLength = 30_000;

    private readonly Dictionary<string, decimal> _prices;

    private ChargedPrices(Dictionary<string, decimal> prices) => _prices = prices;

    /// <summary>The prices that a batch knows of.</summary>
    public static ChargedPrices Of(BatchRow batch) =>
        new(batch.ChargedPricesJson is { } known ? JsonSerializer.Deserialize<Dictionary<string, decimal>>(known)! : []);

    /// <summary>What a job is expected to cost, never less than its estimate.</summary>
    public decimal Expect(string model, decimal estimate) => Math.Max(estimate, _prices.GetValueOrDefault(Key(model, estimate)));

    /// <summary>
    /// Pauses a batch once for every price that nobody was told of, and writes it down; who was told of one is told of all until
    /// the batch goes on. The caller writes the row.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="job">A job of it that was accepted, or has ended.</param>
    /// <param name="charged">What it is charged.</param>
    public static void PauseForNews(BatchRow batch, JobRow job, decimal charged)
    {
        var known = Of(batch);
        if (charged == job.Estimate
            || batch is not ({ State: BatchState.Running } or { State: BatchState.Paused, ReasonCode: PauseReasons.ChargeDiffers })
            || !known.IsNews(job.Model, job.Estimate, charged))
            return;
        known.Add(job.Model, job.Estimate, charged);
        batch.ChargedPricesJson = StoredJson.Write(known._prices);
        if (batch.ChargedPricesJson.Length > MaxStoredLength)
            batch.ChargedPricesJson = null;
        batch.PauseFor(
            PauseReasons.ChargeDiffers,
            string.Create(CultureInfo.InvariantCulture, $"Job {job.Id} costs {charged} credits; the estimate was {job.Estimate}. Resume to go on at the API's prices."));
    }

    private bool IsNews(string model, decimal estimate, decimal charged) =>
        !_prices.ContainsKey(Key(model, estimate)) || charged > Expect(model, estimate);

    private void Add(string model, decimal estimate, decimal charged)
    {
        if (_prices.Count >= Most)
            _prices.Clear();
        _prices[Key(model, estimate)] = charged;
    }

    private static string Key(string model, decimal estimate) => $"{model}|{CreditColumn.Write(estimate)}";
}
