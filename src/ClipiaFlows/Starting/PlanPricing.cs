using ClipiaFlows.Planning;
using ClipiaFlows.Production;

namespace ClipiaFlows.Starting;

/// <summary>Prices of a whole plan.</summary>
/// <param name="ByJob">The price of each job by number; null where it is not known yet.</param>
/// <param name="MissingInputs">How many different inputs are still to be priced.</param>
/// <param name="GoOnAt">When the next of them may be asked for; null when none is missing.</param>
public sealed record PlanPrices(IReadOnlyList<Price?> ByJob, int MissingInputs, DateTimeOffset? GoOnAt);

/// <summary>Prices plans at the pace of the API key, as far as the caller's patience goes.</summary>
public sealed class PlanPricing(PriceList prices, TimeProvider time)
{
    /// <summary>
    /// Prices as many jobs as can be asked for until <paramref name="patience"/> ends. What was asked for is remembered, so that
    /// the same call again goes on.
    /// </summary>
    /// <exception cref="Clipia.ClipiaException">The API cannot tell now, or refuses the key.</exception>
    public async Task<PlanPrices> PriceAsync(IReadOnlyList<PlannedJob> jobs, TimeSpan patience, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + patience;
        var byJob = new Price?[jobs.Count];
        var byInput = new Dictionary<string, Price?>(StringComparer.Ordinal);
        DateTimeOffset? goOnAt = null;
        foreach (var job in jobs)
        {
            var input = PricedInput.KeyOf(job);
            if (!byInput.TryGetValue(input, out var price))
            {
                price = prices.Known(job);
                while (price is null && goOnAt is null)
                {
                    (price, var later) = await prices.FindAsync(job, cancellation);
                    if (later is { } turn)
                        goOnAt = await WaitAsync(turn, until, cancellation) ? null : turn;
                }

                byInput.Add(input, price);
            }

            byJob[job.N] = price;
        }

        return new(byJob, byInput.Values.Count(price => price is null), goOnAt);
    }

    private async Task<bool> WaitAsync(DateTimeOffset turn, DateTimeOffset until, CancellationToken cancellation)
    {
        if (turn > until)
            return false;
        // A delay counts whole milliseconds; cut off, it would end before the turn, again and again.
        var pause = Math.Ceiling((turn - time.GetUtcNow()).TotalMilliseconds);
        if (pause > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(pause), time, cancellation);
        return true;
    }
}
