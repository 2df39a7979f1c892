using System.Text.Json;
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
/// May run more than once: a stored output is recognized and not stored twice; outcome and marker are one transaction. Media
/// that cannot be had is tried again for about an hour, then the job fails, since waiting for ever would hold up the batch;
/// its request id and the files that could be had are kept. Throws only for accidents of storage.
/// </remarks>
public sealed class CopyOutputs(
    AttemptStore attempts,
    IStateBlobs blobs,
    OutputFiles files,
    ReusableOutputs reusable,
    DeliveredResults delivered,
    TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "copy-outputs";

    /// <summary>The typed name.</summary>
    public static readonly Activity<JobAttempt, JobStep> Definition = new(Name);

    private const int MostTries = 10;
    private const int MostTriesOfAWrongKind = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

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
        var kept = attempt.ReusedFrom is null
            ? await files.KeepAsync(attempt, job.Seed, cancellation)
            : await files.TakeOverAsync(attempt, job.Seed, cancellation);
        attempt.FilesJson = JsonSerializer.Serialize(kept.Stored.Values);
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
            attempt, JobState.Canceled, "batch_canceled", "The batch was abandoned.", failedUpstream: false, cancellation);
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

    /// <summary>Goes on for as long as one of the missing files may still come, and ends with all of them named.</summary>
    private async Task<(JobStep Step, bool IsSaved)> LaterAsync(
        AttemptRow attempt, IReadOnlyList<MediaException> failures, CancellationToken cancellation)
    {
        var decisive = failures.MaxBy(MostTriesOf)!;
        if (++attempt.CopyTries >= MostTriesOf(decisive))
        {
            var all = string.Join(' ', failures.Select(failure => failure.Message));
            return (JobStep.Ended, await attempts.EndAsync(attempt, JobState.Failed, decisive.Code, all, failedUpstream: false, cancellation));
        }

        var pause = FirstPause * Math.Pow(2, attempt.CopyTries - 1);
        var at = time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        return (JobStep.TryAgain(at), await attempts.SaveAsync(attempt, cancellation));
    }

    // A page of a proxy passes for a file of the wrong kind, and what is refused is lost although it was paid for.
    private static int MostTriesOf(MediaException failure) =>
        failure.MayPass ? MostTries : failure.Code is "media_type_refused" ? MostTriesOfAWrongKind : 0;
}
