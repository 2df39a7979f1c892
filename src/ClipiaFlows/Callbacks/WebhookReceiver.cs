using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Callbacks;

/// <summary>Receives deliveries: verifies, stores the body once, and tells the job that waits for it.</summary>
/// <remarks>
/// Deliveries come late, early, doubled, reordered and not at all. Accepting one twice changes nothing: the body is stored
/// under its request id if that name is free, and the event is only believed when the id is the submission's. Throws for
/// accidents of storage; the sender then tries again.
/// </remarks>
public sealed partial class WebhookReceiver(
    CallbackUrl callbacks,
    IOptions<CallbackOptions> options,
    Tables tables,
    IStateBlobs blobs,
    AttemptStore attempts,
    DeliveredResults results,
    LateDeliveries late,
    TimeProvider time,
    ILogger<WebhookReceiver> log)
{
    /// <summary>The whole receipt, from the raw bytes to the event.</summary>
    /// <param name="instanceId">Of the address.</param>
    /// <param name="token">Of the address.</param>
    /// <param name="signature">The signature header.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="client">Raises the event.</param>
    /// <param name="cancellation">Ends the try.</param>
    public async Task<WebhookReceipt> ReceiveAsync(
        string instanceId, string token, string? signature, ReadOnlyMemory<byte> body, DurableTaskClient client, CancellationToken cancellation)
    {
        if (!callbacks.IsGenuine(instanceId, token) || !InstanceIds.TryParseJob(instanceId, out var batch, out var n, out var attempt))
            return Rejected("token");
        var check = WebhookSignature.Verify(
            signature, body.Span, options.Value.WebhookSecrets, time.GetUtcNow(), WebhookSignature.DefaultTolerance);
        if (check is not SignatureCheck.Valid)
            return Rejected(check.ToString());
        if (!WebhookDelivery.TryParse(body, out var delivery) || !IsSafeName(delivery.RequestId.Value))
        {
            FlowsTelemetry.Delivered("malformed");
            return WebhookReceipt.Malformed;
        }

        var row = await tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(n, attempt), cancellation);
        // An unresolved attempt has been paid for, if a delivery comes for it: it is settled after all.
        if (row is null
            || !CallbackUrl.IsOf(token, row.IdempotencyKey)
            || (row.HasEnded && row.State is not JobState.Unresolved)
            || (row.RequestId is { } ours && ours != delivery.RequestId.Value))
        {
            LogWithoutEffect(instanceId, delivery.RequestId.Value);
            FlowsTelemetry.Delivered("without_effect");
            return WebhookReceipt.Accepted;
        }

        using var span = FlowSpans.Delivery(row.TraceParent, batch, n, attempt);
        var now = time.GetUtcNow();
        var finishing = TakeResultAsync(row, delivery, client, cancellation);
        await Task.WhenAll(finishing, StoreAsync(BlobNames.Delivery(instanceId, delivery.RequestId.Value), body, cancellation));
        row = await NoteEarlyAsync(await finishing, delivery.RequestId.Value, cancellation);
        if (row is { State: JobState.Unresolved })
            await late.TakeAsync(row, delivery.RequestId.Value, client, cancellation);
        var finished = new Finished { RequestId = delivery.RequestId.Value, Ok = delivery.IsOk, At = now.UtcDateTime };
        await client.RaiseEventAsync(instanceId, Events.Finished, finished, cancellation);
        FlowsTelemetry.Delivered("accepted");
        return WebhookReceipt.Accepted;
    }

    /// <summary>
    /// The generation is over, so its slot upstream is free: the batch hears of it at once, not only when the job's instance
    /// does. A submission that is not recorded yet, or a row that changes at this moment, leaves that to the instance.
    /// </summary>
    /// <returns>The row as it stands then.</returns>
    private async Task<AttemptRow?> TakeResultAsync(AttemptRow row, WebhookDelivery delivery, DurableTaskClient client, CancellationToken cancellation)
    {
        if (row is not { State: JobState.Generating, RequestId: not null, LateRequestId: null, IsAbandoned: false }
            || !results.TryTake(delivery, row))
            return row;
        // It may have been given up at this moment, and is settled after all then.
        if (!await attempts.FreeSlotAsync(row, cancellation))
            return await tables.Jobs.FindAsync<AttemptRow>(row.PartitionKey, row.RowKey, cancellation);
        FlowsTelemetry.ResultCame(byWebhook: true);
        await client.RaiseEventAsync(InstanceIds.ForBatch(row.PartitionKey), Events.WakeUp, "", cancellation);
        return row;
    }

    /// <summary>
    /// The submission is not recorded: its own answer is under way, or lost. The row then tells of the delivery, should nothing
    /// be sent any more by which it could be found out.
    /// </summary>
    private async Task<AttemptRow?> NoteEarlyAsync(AttemptRow? row, string requestId, CancellationToken cancellation)
    {
        while (row is { RequestId: null, HasEnded: false })
        {
            row.LateRequestId = requestId;
            if (await attempts.SaveAsync(row, cancellation))
                return row;
            row = await tables.Jobs.FindAsync<AttemptRow>(row.PartitionKey, row.RowKey, cancellation);
        }

        return row;
    }

    private async Task StoreAsync(string name, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream(body.ToArray(), writable: false);
        await blobs.TryAddAsync(name, bytes, "application/json", cancellation);
    }

    // The id becomes part of a blob's name.
    private static bool IsSafeName(string requestId) =>
        requestId.Length is > 0 and <= 100 && requestId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private WebhookReceipt Rejected(string reason)
    {
        LogRejected(reason);
        FlowsTelemetry.Delivered("rejected", reason);
        return WebhookReceipt.Rejected;
    }

    [LoggerMessage(1, LogLevel.Warning, "A delivery was rejected: {Reason}.")]
    private partial void LogRejected(string reason);

    [LoggerMessage(2, LogLevel.Information, "A delivery for {Instance} with request {Request} has no effect.")]
    private partial void LogWithoutEffect(string instance, string request);
}
