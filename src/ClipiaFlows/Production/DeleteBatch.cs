using System.Diagnostics;
using ClipiaFlows.Durable;
using ClipiaFlows.Media;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Deletes a batch that has ended: instances, papers, rows and, when asked, outputs. Its own row goes last.</summary>
/// <remarks>
/// May run more than once and beside itself: what is gone is passed over, and the batch's row says until the end that there is
/// work left. Rows go together with a write of that row, so that a run which stood still until there is another batch of the id
/// leaves that one alone. Throws only for accidents of storage.
/// </remarks>
public sealed class DeleteBatch(Tables tables, IStateBlobs blobs, IOutputStore outputs)
{
    /// <summary>The durable name.</summary>
    public const string Name = "purge-batch";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    private const int RowsAtATime = 100;
    private const int JobsAtATime = 8;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(20);

    /// <summary>Deletes for at most 20 seconds and says whether there is more.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, DurableTaskClient client, CancellationToken cancellation)
    {
        var id = input.Batch;
        if (await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation) is not { State: BatchState.Deleting } batch)
            return BatchStep.Next(BatchStepKind.Advance);

        // Until nothing is left, not even the instance that does this, the watchdog knows of it. The entry is old from the start:
        // no batch is to come for it.
        await tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(id, DateTimeOffset.UnixEpoch)), cancellation);
        var started = Stopwatch.GetTimestamp();
        StepResult result;
        while ((result = await DeleteSomeJobsAsync(batch, client, cancellation)) is StepResult.Done)
        {
            if (Stopwatch.GetElapsedTime(started) > LongestRun)
                return BatchStep.Next(BatchStepKind.Delete);
        }

        if (result is StepResult.Conflict)
            return BatchStep.Next(BatchStepKind.Advance);
        await ForgetInstanceAsync(InstanceIds.ForEvents(id), client, cancellation);
        await ForgetReusableAsync(id, cancellation);
        // A copy that is still under way takes its file back when it finds no row any more, so files go after the rows.
        if (!await DeleteRowsAsync(batch, cancellation) || !await IsStillThereAsync(batch, cancellation))
            return BatchStep.Next(BatchStepKind.Advance);
        if (batch.DeletesOutputs)
            await outputs.DeleteAllAsync(id, cancellation);
        await blobs.DeleteAllAsync(BlobNames.RequestsOf(id), cancellation);
        await blobs.DeleteAllAsync(BlobNames.ReceiptsOf(id), cancellation);
        await blobs.DeleteAllAsync(BlobNames.Plan(id), cancellation);
        await blobs.DeleteAllAsync(BlobNames.Manifest(id), cancellation);
        return BatchStep.Next(await DeleteIndexAsync(batch, cancellation) ? BatchStepKind.End : BatchStepKind.Advance);
    }

    private async Task<bool> IsStillThereAsync(BatchRow batch, CancellationToken cancellation) =>
        await tables.Jobs.FindAsync<BatchRow>(batch.PartitionKey, BatchRow.Key, cancellation) is { State: BatchState.Deleting } now
        && now.Seed == batch.Seed;

    private Task<bool> CommitAsync(BatchRow batch, RowChanges changes, CancellationToken cancellation)
    {
        changes.Replace(batch);
        return tables.Jobs.CommitAsync(changes, cancellation);
    }

    private async Task<StepResult> DeleteSomeJobsAsync(BatchRow row, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = row.PartitionKey;
        var jobs = new List<JobRow>();
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(batch, "J|", RowKeys.EndOf("J"), RowsAtATime / 2, cancellation))
            jobs.Add(job);
        if (!await IsStillThereAsync(row, cancellation))
            return StepResult.Conflict;
        if (jobs.Count == 0)
            return StepResult.Nothing;

        foreach (var some in jobs.Chunk(JobsAtATime))
        {
            await Task.WhenAll(some.Select(async job =>
            {
                for (var attempt = 1; attempt <= job.Attempt; attempt++)
                {
                    await ForgetAttemptAsync(InstanceIds.ForJob(batch, job.N, attempt), client, cancellation);
                    if (row.DeletesOutputs)
                        await ForgetOutputsAsync(batch, job.N, attempt, cancellation);
                }
            }));
        }

        var changes = new RowChanges();
        foreach (var job in jobs)
            changes.Delete(job);
        return await CommitAsync(row, changes, cancellation) ? StepResult.Done : StepResult.Conflict;
    }

    private async Task ForgetAttemptAsync(string instance, DurableTaskClient client, CancellationToken cancellation)
    {
        await ForgetInstanceAsync(instance, client, cancellation);
        await blobs.DeleteAllAsync(BlobNames.DeliveriesOf(instance), cancellation);
    }

    /// <summary>What nobody can take over any more needs not be found.</summary>
    private async Task ForgetOutputsAsync(string batch, int n, int attempt, CancellationToken cancellation)
    {
        if (await tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(n, attempt), cancellation) is not { ReuseKey: { } key }
            || await tables.Batches.FindAsync<ReuseRow>(ReuseRow.Partition(null, key), key, cancellation) is not { } known
            || known.Batch != batch)
            return;
        var changes = new RowChanges();
        changes.Delete(known);
        await tables.Batches.CommitAsync(changes, cancellation);
    }

    private static async Task ForgetInstanceAsync(string instance, DurableTaskClient client, CancellationToken cancellation)
    {
        if (await client.GetInstanceAsync(instance, getInputsAndOutputs: false, cancellation) is { } known)
        {
            if (!known.IsCompleted)
            {
                await client.TerminateInstanceAsync(instance, output: null, cancellation);
                await client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: false, cancellation);
            }

            await client.PurgeInstanceAsync(instance, cancellation);
        }
    }

    private async Task ForgetReusableAsync(string batch, CancellationToken cancellation)
    {
        while (await SomeAsync(tables.Batches, ReuseRow.Partition(batch, ""), except: null, cancellation) is { Count: > 0 } some)
            await tables.Batches.CommitAsync(some, cancellation);
    }

    /// <returns><c>false</c> when somebody else changed the batch's row.</returns>
    private async Task<bool> DeleteRowsAsync(BatchRow batch, CancellationToken cancellation)
    {
        while (await SomeAsync(tables.Jobs, batch.PartitionKey, BatchRow.Key, cancellation) is { Count: > 0 } some)
        {
            if (!await CommitAsync(batch, some, cancellation))
                return false;
        }

        return true;
    }

    private static async Task<RowChanges> SomeAsync(IRowStore rows, string partition, string? except, CancellationToken cancellation)
    {
        var changes = new RowChanges();
        await foreach (var row in rows.RangeAsync<KeysOnly>(partition, "", "~", RowsAtATime, cancellation, []))
        {
            // A transaction takes 100, and the batch's row may be one of them.
            if (row.RowKey != except && changes.Count < RowsAtATime - 1)
                changes.Delete(row);
        }

        return changes;
    }

    /// <returns><c>false</c> when somebody else changed the batch's row.</returns>
    private async Task<bool> DeleteIndexAsync(BatchRow batch, CancellationToken cancellation)
    {
        var listing = BatchIndexRow.ForListing(batch.PartitionKey, batch.CreatedAt);
        if (await tables.Batches.FindAsync<KeysOnly>(listing.PartitionKey, listing.RowKey, cancellation) is { } listed)
        {
            var changes = new RowChanges();
            changes.Delete(listed);
            await tables.Batches.CommitAsync(changes, cancellation);
        }

        var last = new RowChanges();
        last.Delete(batch);
        return await tables.Jobs.CommitAsync(last, cancellation);
    }

    /// <summary>A row of any kind, of which only the keys matter.</summary>
    public sealed class KeysOnly : Row;
}
