using System.Collections.Concurrent;
using Clipia;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Resumes a batch that the API's refusal has paused, once the account says that the reason is gone: enough credits, or a
/// key that is valid again. A missing subscription or scope cannot be seen there and waits for a person.
/// </summary>
public sealed class GoOnAfterBlock(Tables tables, BatchCommit commit, ClipiaClient clipia, KeyPacing pacing, TimeProvider time)
{
    private const int MostLookedAt = 200;
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _probed = new(StringComparer.Ordinal);

    /// <summary>Asks the account at most once a minute, and wakes the blocked jobs when it is good again.</summary>
    public async Task<StepResult> TryAsync(
        BatchSnapshot snapshot, DurableTaskClient client, CancellationToken cancellation)
    {
        var (batch, active) = (snapshot.Batch, snapshot.Active);
        var now = time.GetUtcNow();
        if (batch.State is not BatchState.Paused
            || batch.ReasonCode is not (ClipiaErrorCodes.InsufficientCredits or ClipiaErrorCodes.InvalidApiKey)
            || (_probed.TryGetValue(batch.PartitionKey, out var last) && now - last < BetweenProbes)
            || await pacing.TakeTurnAsync(cancellation) is not null)
            return StepResult.Nothing;

        _probed[batch.PartitionKey] = now;
        if (!await IsGoodAgainAsync(batch, active, cancellation))
            return StepResult.Nothing;

        batch.GoOn();
        if (await commit.SaveAsync(snapshot, new RowChanges(), cancellation) is StepResult.Conflict)
            return StepResult.Conflict;
        await ObeyCommands.WakeJobsAsync(snapshot, client, cancellation);
        return StepResult.Done;
    }

    private async Task<bool> IsGoodAgainAsync(BatchRow batch, ActiveJobs active, CancellationToken cancellation)
    {
        try
        {
            var account = await clipia.Account.GetAsync(cancellation);
            return batch.ReasonCode is not ClipiaErrorCodes.InsufficientCredits
                || account.BalanceCredits >= await CheapestAsync(batch, active, cancellation);
        }
        catch (ClipiaException)
        {
            return false;
        }
    }

    /// <summary>The cheapest job that is claimed or among the first in the queue.</summary>
    private async Task<decimal> CheapestAsync(BatchRow batch, ActiveJobs active, CancellationToken cancellation)
    {
        var cheapest = active.All.Where(job => !job.Copying).Select(job => CreditColumn.Read(job.EstimateCredits)).ToList();
        var prices = ChargedPrices.Of(batch);
        await foreach (var job in tables.Jobs.RangeAsync<ReadyRow>(batch.PartitionKey, "Q|", RowKeys.EndOf("Q"), MostLookedAt, cancellation))
            cheapest.Add(prices.Expect(job.Model, job.Estimate));
        return cheapest.DefaultIfEmpty(1).Min();
    }
}
