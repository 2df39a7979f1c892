using System.Collections.Concurrent;
using System.Net;
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
public sealed class PriceList(ClipiaClient clipia, KeyPacing pacing, TimeProvider time) : IDisposable
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (Price Price, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    // One question at a time: two plans with the same input must not both ask, and the key's rate allows no more anyway.
    private readonly SemaphoreSlim _asking = new(1, 1);

    /// <summary>The price of a job, when it is known; asks nobody.</summary>
    public Price? Known(PlannedJob job) => Known(PricedInput.KeyOf(job));

    /// <summary>The price of a job; asks the API when it is not known.</summary>
    /// <returns>The price; or, when the key's request rate has no turn now, the moment to ask again.</returns>
    /// <exception cref="ClipiaException">The API cannot tell now, or refuses the key.</exception>
    public async Task<(Price? Price, DateTimeOffset? Later)> FindAsync(PlannedJob job, CancellationToken cancellation)
    {
        var key = PricedInput.KeyOf(job);
        if (Known(key) is { } known)
            return (known, null);
        await _asking.WaitAsync(cancellation);
        try
        {
            if (Known(key) is { } meanwhile)
                return (meanwhile, null);
            if (await pacing.TakeTurnAsync(cancellation) is { } later)
                return (null, later);
            return await AskAsync(key, job, cancellation);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _asking.Dispose();

    private Price? Known(string key) =>
        _known.TryGetValue(key, out var known) && known.Until > time.GetUtcNow() ? known.Price : null;

    private async Task<(Price? Price, DateTimeOffset? Later)> AskAsync(string key, PlannedJob job, CancellationToken cancellation)
    {
        Price price;
        try
        {
            var estimate = await clipia.Models.EstimateAsync(job.Model, PricedInput.ForEstimate(job), cancellation);
            await pacing.LearnAsync(estimate.RateLimit, cancellation);
            price = new Price(estimate.Credits);
        }
        catch (ClipiaException refusal) when (refusal.Status is HttpStatusCode.TooManyRequests)
        {
            await pacing.RefusedAsync(refusal, cancellation);
            return (null, time.GetUtcNow() + (refusal.RetryAfter ?? PauseAfterRefusal));
        }
        catch (ClipiaException refusal) when (!refusal.IsTransient && !ApiRefusals.Blocks(refusal))
        {
            price = new Price(0, refusal.Code, refusal.Message);
        }

        if (_known.Count >= MostEntries)
            _known.Clear();
        _known[key] = (price, time.GetUtcNow() + GoodFor);
        return (price, null);
    }
}
