using System.Text.Json.Serialization;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Commands;

/// <summary>What a retry would run and cost.</summary>
/// <param name="Jobs">Failed, skipped and unresolved jobs.</param>
/// <param name="Credits">Their price, by the API's estimates.</param>
/// <param name="Refused">How many of them the API would refuse again; they are not counted above.</param>
/// <param name="Collects">How many of the jobs only collect files which are paid for; they cost nothing.</param>
public sealed record RetryPrice(
    [property: JsonPropertyName("jobs")] int Jobs,
    [property: JsonPropertyName("credits")] decimal Credits,
    [property: JsonPropertyName("refused")] int Refused,
    [property: JsonPropertyName("collects")] int Collects = 0);

/// <summary>Prices a retry without doing it.</summary>
public sealed class RetryQuote(Tables tables, IStateBlobs blobs, PriceList prices, TimeProvider time)
{
    /// <summary>Those of the ids that no job of the batch has.</summary>
    public async Task<IReadOnlyList<string>> UnknownAsync(string batch, IReadOnlyList<string> ids, CancellationToken cancellation) =>
        await MeantJobs.CheckAsync(tables, batch, ids, cancellation) is CommandReceipt.NoSuchJobs { Ids: var unknown } ? unknown : [];

    /// <summary>The price; <c>null</c> when there is no such batch. Waits for turns in the key's request rate.</summary>
    /// <exception cref="Clipia.ClipiaException">The API cannot tell now, or refuses the key.</exception>
    public async Task<RetryPrice?> FindAsync(string batch, IReadOnlyList<string>? only, bool buyAgain, CancellationToken cancellation)
    {
        if (await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is null)
            return null;
        var meant = only?.ToHashSet(StringComparer.Ordinal);
        var quote = new RetryPrice(0, 0, 0);
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(batch, "J|", RowKeys.EndOf("J"), null, cancellation))
        {
            if (job.State is not (JobState.Failed or JobState.Skipped or JobState.Unresolved) || meant?.Contains(job.Id) is false)
                continue;
            if (!buyAgain && await PaidFiles.FindAsync(tables, job, cancellation) is not null)
            {
                quote = quote with { Jobs = quote.Jobs + 1, Collects = quote.Collects + 1 };
                continue;
            }

            var price = await PriceAsync(batch, job, cancellation);
            quote = price.Code is null
                ? quote with { Jobs = quote.Jobs + 1, Credits = quote.Credits + price.Credits }
                : quote with { Refused = quote.Refused + 1 };
        }

        return quote;
    }

    private async Task<Price> PriceAsync(string batch, JobRow job, CancellationToken cancellation)
    {
        var line = await blobs.ReadAsync(BlobNames.Plan(batch), job.PlanOffset, job.PlanLength, cancellation)
            ?? throw new InvalidDataException($"The plan of batch {batch} is gone.");
        while (true)
        {
            var (price, later) = await prices.FindAsync(PlannedJob.Parse(line), cancellation);
            if (price is not null)
                return price;
            var pause = later!.Value - time.GetUtcNow();
            await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, cancellation);
        }
    }
}
