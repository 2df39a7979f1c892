using System.Collections.Concurrent;
using Clipia;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Pacing;

namespace ClipiaFlows.Production;

/// <summary>A job's price by the API, or why the API would refuse the job.</summary>
/// <param name="Credits">The estimate; 0 for a refused job.</param>
/// <param name="Code">Why it would be refused; <c>null</c> when it would not.</param>
/// <param name="Message">The same for people.</param>
public sealed record Price(decimal Credits, string? Code = null, string? Message = null);

/// <summary>Prices by the API's estimates, one call per distinct priced input; kept for an hour.</summary>
public sealed class PriceList(ClipiaClient clipia, KeyPacing pacing, TimeProvider time)
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, (Price Price, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The price of a job; asks the API when it is not known.</summary>
    /// <returns>The price; or, when the key's request rate has no turn now, the moment to ask again.</returns>
    /// <exception cref="ClipiaException">The API cannot tell now, or refuses the key.</exception>
    public async Task<(Price? Price, DateTimeOffset? Later)> FindAsync(PlannedJob job, CancellationToken cancellation)
    {
        var key = PricedInput.KeyOf(job);
        var now = time.GetUtcNow();
        if (_known.TryGetValue(key, out var known) && known.Until > now)
            return (known.Price, null);
        if (await pacing.TakeTurnAsync(cancellation) is { } later)
            return (null, later);

        var price = await AskAsync(job, cancellation);
        if (_known.Count >= MostEntries)
            _known.Clear();
        _known[key] = (price, now + GoodFor);
        return (price, null);
    }

    private async Task<Price> AskAsync(PlannedJob job, CancellationToken cancellation)
    {
        try
        {
            return new Price((await clipia.Models.EstimateAsync(job.Model, PricedInput.ForEstimate(job), cancellation)).Credits);
        }
        catch (ClipiaException refusal) when (!refusal.IsTransient && !ApiRefusals.Blocks(refusal))
        {
            return new Price(0, refusal.Code, refusal.Message);
        }
    }
}
