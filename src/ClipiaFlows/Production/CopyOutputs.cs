using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Media;
using ClipiaFlows.Observability;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Copies the outputs of a finished generation into Blob Storage and records the outcome.</summary>
/// <remarks>
/// May run more than once: a stored output is recognized and not stored twice; outcome and marker are one transaction. A file
/// that cannot be fetched is tried again for about an hour, each time at the address that the result names then; meanwhile the
/// batch's other jobs continue. Then the job fails, since the batch would never finish; its request id and the files that were
/// fetched are kept, and a retry collects the rest. Throws only on storage failures.
/// </remarks>
public sealed class CopyOutputs(
    AttemptStore attempts,
    IStateBlobs blobs,
    OutputFiles files,
    ReusableOutputs reusable,
    DeliveredResults delivered,
    CurrentResult current,
    TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "copy-outputs";

    /// <summary>The typed name.</summary>
    public static readonly Activity<JobAttempt, JobStep> Definition = new(Name);

    private const string PaidFor =
        " The generation is paid for: retry fetches its files again for 0 credits, and retry with --buy-again (\"buyAgain\": true) pays for another one.";

    // Of 2,000 characters that an attempt's message may have.
    private const int MaxMessage = 1_800;
    private const int MaxTries = 10;
    private const int MaxTriesOfAWrongKind = 4;

    // Doubled from try to try: an hour in all.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(30);

    /// <summary>Copies all outputs of the attempt.</summary>
    public async Task<JobStep> RunAsync(JobAttempt job, DurableTaskClient client, CancellationToken cancellation)
    {
        var attempt = await attempts.FindAsync(job, cancellation)
            ?? throw new InvalidDataException($"Attempt {job.InstanceId} has no row.");
        if (attempt.HasEnded)
            return JobStep.Ended;
        if (attempt.CopyTries == 0 && job.ToldAt is { } toldAt)
            FlowsTelemetry.Resumed(time.GetUtcNow() - toldAt);
        if (attempt.OutputJson is null && !await TakeDeliveryAsync(job, attempt, cancellation))
            return JobStep.Generating(attempt.RequestId!, time.GetUtcNow());

        if (attempt.IsAbandoned)
            return await SettleAbandonedAsync(attempt, cancellation);
        if (!await FreeSlotAsync(job, attempt, client, cancellation))
            return JobStep.TryAgain(time.GetUtcNow());
        if (attempt.NextTryAt > time.GetUtcNow())
            return JobStep.TryAgain(attempt.NextTryAt.Value);
        if (attempt.IsResultStale && await current.ReadAsync(attempt, cancellation) is { } turn)
            return JobStep.TryAgain(turn);
        var kept = attempt.ReusedFrom is null
            ? await files.KeepAsync(attempt, job.Seed, cancellation)
            : await files.TakeOverAsync(attempt, job.Seed, cancellation);
        attempt.FilesJson = StoredJson.Write(kept.Stored.Values);
        var (step, isSaved) = kept.Failures.Count > 0
            ? await LaterAsync(attempt, kept.Failures, cancellation)
            : await SucceedAsync(job, attempt, cancellation);
        if (isSaved)
            return step;
        // The batch was abandoned and deleted meanwhile: nobody knows of these files, and nobody would ever delete them.
        if (await attempts.FindJobAsync(job.Batch, job.N, cancellation) is null)
            await files.TakeBackAsync(attempt, job.Seed, kept, cancellation);
        return JobStep.TryAgain(time.GetUtcNow());
    }

    private async Task<(JobStep Step, bool IsSaved)> SucceedAsync(JobAttempt job, AttemptRow attempt, CancellationToken cancellation)
    {
        await reusable.RememberAsync(job.Reuse, attempt, cancellation);
        return (JobStep.Ended, await attempts.EndAsync(attempt, JobState.Succeeded, code: null, message: null, failedUpstream: false, cancellation));
    }

    /// <summary>It was paid for and nobody wants it: what it cost is recorded, and nothing is stored.</summary>
    private async Task<JobStep> SettleAbandonedAsync(AttemptRow attempt, CancellationToken cancellation)
    {
        var ended = await attempts.EndAsync(
            attempt, JobState.Canceled, "batch_canceled", "It was paid for, and the batch did not wait for it any more.", failedUpstream: false, cancellation);
        return ended ? JobStep.Ended : JobStep.TryAgain(time.GetUtcNow());
    }

    private async Task<bool> TakeDeliveryAsync(JobAttempt job, AttemptRow attempt, CancellationToken cancellation)
    {
        if (attempt.LateRequestId is not null)
            return false;
        var stored = await blobs.ReadAsync(BlobNames.Delivery(job.InstanceId, attempt.RequestId!), cancellation);
        if (stored is null || !WebhookDelivery.TryParse(stored.Value, out var delivery) || !delivered.TryTake(delivery, attempt))
            return false;
        FlowsTelemetry.ResultCame(byWebhook: true);
        return true;
    }

    /// <summary>The generation is over, so the slot upstream is free while the copy runs; the batch hears of it at once.</summary>
    /// <returns><c>false</c> when an overlapping run was faster.</returns>
    private async Task<bool> FreeSlotAsync(JobAttempt job, AttemptRow attempt, DurableTaskClient client, CancellationToken cancellation)
    {
        if (attempt.State is JobState.Copying)
            return true;
        if (!await attempts.FreeSlotAsync(attempt, cancellation))
            return false;
        await client.RaiseEventAsync(InstanceIds.ForBatch(job.Batch), Events.WakeUp, "", cancellation);
        return true;
    }

    /// <summary>Tries again while one of the missing files may still come, and ends with all of them named.</summary>
    private async Task<(JobStep Step, bool IsSaved)> LaterAsync(
        AttemptRow attempt, IReadOnlyList<MediaException> failures, CancellationToken cancellation)
    {
        var decisive = failures.MaxBy(MaxTriesOf)!;
        var all = string.Join(' ', failures.Select(failure => failure.Message));
        if (++attempt.CopyTries >= MaxTriesOf(decisive))
        {
            if (attempt.ReusedFrom is null)
                all = Shortened(all) + PaidFor;
            return (JobStep.Ended, await attempts.EndAsync(attempt, JobState.Failed, decisive.Code, all, failedUpstream: false, cancellation));
        }

        var delay = FirstDelay * Math.Pow(2, attempt.CopyTries - 1);
        var asked = failures.Max(failure => failure.RetryAfter) ?? TimeSpan.Zero;
        attempt.NextTryAt = time.GetUtcNow() + (asked < delay ? delay : asked < MaxDelay ? asked : MaxDelay);
        (attempt.Code, attempt.Message) = (decisive.Code, Shortened(all));
        attempt.IsResultStale = attempt is { ReusedFrom: null, RequestId: not null };
        var isFirst = attempt.CopyTries == 1;
        return (JobStep.TryAgain(attempt.NextTryAt.Value, news: isFirst), await attempts.RetryCopyAsync(attempt, cancellation));
    }

    // A page of a proxy may be taken for a file of the wrong kind.
    private static int MaxTriesOf(MediaException failure) =>
        failure.MayPass ? MaxTries : failure.Code is "media_type_refused" ? MaxTriesOfAWrongKind : 0;

    private static string Shortened(string message) => message.Length > MaxMessage ? message[..MaxMessage] + "…" : message;
}
