using System.Text.Json;
using ClipiaFlows.Delivery;
using ClipiaFlows.Durable;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Writes the receipt of a batch whose jobs have all ended, then its last state.</summary>
/// <remarks>May run more than once; it writes the same again. Throws only for accidents of storage.</remarks>
public sealed class FinishBatch(Tables tables, IStateBlobs blobs, Results results, KeyPacing pacing, TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "finish-batch";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, BatchStep> Definition = new(Name);

    /// <summary>Finishes the batch.</summary>
    public async Task<BatchStep> RunAsync(BatchRef input, CancellationToken cancellation)
    {
        var batch = await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation);
        if (batch is { AllJobsEnded: true, IsRetrying: false } && (!batch.State.IsTerminal() || batch.IsReceiptDue))
        {
            batch.State = LastStateOf(batch);
            batch.IsReceiptDue = false;
            batch.FinishedAt ??= time.GetUtcNow();
            batch.UpdatedAt = time.GetUtcNow();
            await WriteReceiptAsync(batch, cancellation);
            if (!await tables.Jobs.CommitAsync(RowChanges.Replacing(batch), cancellation))
                return BatchStep.Next(BatchStepKind.Advance);
        }

        await pacing.HoldAsync(input.Batch, used: batch?.LiveTails ?? 0, wanted: 0, weight: 1, cancellation);
        if (batch is null or { LiveTails: > 0 })
            return BatchStep.Next(BatchStepKind.Advance);
        return await LeaveAsync(input.Batch, cancellation);
    }

    /// <summary>
    /// Nobody looks after the batch any more. A command is written before its sender sees to it that somebody does, so one
    /// that came in between is there when looked for afterwards.
    /// </summary>
    private async Task<BatchStep> LeaveAsync(string batch, CancellationToken cancellation)
    {
        var watched = await tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, batch, cancellation);
        if (watched is not null)
        {
            var changes = new RowChanges();
            changes.Delete(watched);
            await tables.Batches.CommitAsync(changes, cancellation);
        }

        return BatchStep.Next(await Inbox.IsEmptyAsync(tables, batch, cancellation) ? BatchStepKind.End : BatchStepKind.Advance);
    }

    private static BatchState LastStateOf(BatchRow batch) => batch switch
    {
        { Total: 0 } => BatchState.Failed,
        { State: BatchState.Canceling or BatchState.Canceled } => BatchState.Canceled,
        _ when batch.Succeeded == batch.Total => BatchState.Completed,
        { Succeeded: 0 } => BatchState.Failed,
        _ => BatchState.CompletedWithFailures,
    };

    private async Task WriteReceiptAsync(BatchRow batch, CancellationToken cancellation)
    {
        using var lines = new MemoryStream();
        await results.WriteJsonLinesAsync(batch.PartitionKey, lines, cancellation);
        lines.Position = 0;
        await blobs.PutAsync(BlobNames.Receipt(batch.PartitionKey, "results.jsonl"), lines, "application/x-ndjson", cancellation);

        using var summary = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(BatchView.Of(batch), ResultJson.Options));
        await blobs.PutAsync(BlobNames.Receipt(batch.PartitionKey, "summary.json"), summary, "application/json", cancellation);
    }
}
