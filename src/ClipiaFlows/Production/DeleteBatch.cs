using System.Diagnostics;
using ClipiaFlows.Durable;
using ClipiaFlows.Media;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Deletes a batch that has ended: instances, papers, rows and, when asked, outputs. Its own row goes last.</summary>
/// <remarks>
/// May run more than once: what is gone is passed over, and the batch's row says until the end that there is work left.
/// Throws only for accidents of storage.
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
        while (await DeleteSomeJobsAsync(batch, client, cancellation))
        {
            if (Stopwatch.GetElapsedTime(started) > LongestRun)
                return BatchStep.Next(BatchStepKind.Delete);
        }

        await ForgetInstanceAsync(InstanceIds.ForEvents(id), client, cancellation);
        await DeleteAllAsync(tables.Batches, ReuseRow.Partition(id, ""), except: null, cancellation);
        await DeleteAllAsync(tables.Jobs, id, BatchRow.Key, cancellation);
        // A copy that is still under way takes its file back when it finds no row any more, so files go after the rows.
        if (batch.DeletesOutputs)
            await outputs.DeleteAllAsync(id, cancellation);
        await blobs.DeleteAllAsync(BlobNames.RequestsOf(id), cancellation);
        await blobs.DeleteAllAsync(BlobNames.ReceiptsOf(id), cancellation);
        await blobs.DeleteAllAsync(BlobNames.Plan(id), cancellation);
        await blobs.DeleteAllAsync(BlobNames.Manifest(id), cancellation);
        await DeleteIndexAsync(batch, cancellation);
        return BatchStep.Next(BatchStepKind.End);
    }

    private async Task<bool> DeleteSomeJobsAsync(BatchRow row, DurableTaskClient client, CancellationToken cancellation)
    {
        var batch = row.PartitionKey;
        var jobs = new List<JobRow>();
        await foreach (var job in tables.Jobs.RangeAsync<JobRow>(batch, "J|", RowKeys.EndOf("J"), RowsAtATime / 2, cancellation))
            jobs.Add(job);
        if (jobs.Count == 0)
            return false;

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
        await tables.Jobs.CommitAsync(changes, cancellation);
        return true;
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

    private static async Task DeleteAllAsync(IRowStore rows, string partition, string? except, CancellationToken cancellation)
    {
        while (true)
        {
            var changes = new RowChanges();
            await foreach (var row in rows.RangeAsync<KeysOnly>(partition, "", "~", RowsAtATime + 1, cancellation, []))
            {
                if (row.RowKey != except && changes.Count < RowsAtATime)
                    changes.Delete(row);
            }

            if (changes.Count == 0)
                return;
            await rows.CommitAsync(changes, cancellation);
        }
    }

    private async Task DeleteIndexAsync(BatchRow batch, CancellationToken cancellation)
    {
        var listing = BatchIndexRow.ForListing(batch.PartitionKey, batch.CreatedAt);
        await DeleteAsync(tables.Batches, listing.PartitionKey, listing.RowKey, cancellation);
        await DeleteAsync(tables.Jobs, batch.PartitionKey, BatchRow.Key, cancellation);
    }

    private static async Task DeleteAsync(IRowStore rows, string partition, string key, CancellationToken cancellation)
    {
        if (await rows.FindAsync<KeysOnly>(partition, key, cancellation) is not { } row)
            return;
        var changes = new RowChanges();
        changes.Delete(row);
        await rows.CommitAsync(changes, cancellation);
    }

    /// <summary>A row of any kind, of which only the keys matter.</summary>
    public sealed class KeysOnly : Row;
}
