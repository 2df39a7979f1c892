using System.Text.Json;
using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Media;
using ClipiaFlows.Observability;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Copies the outputs of a finished generation into Blob Storage and records the outcome.</summary>
/// <remarks>
/// May run more than once: a stored output is recognized by its metadata and not stored twice; outcome and marker are one
/// transaction. Media that cannot be had is tried again for about an hour, then the job fails, since waiting for ever would
/// hold up the batch; its request id is kept. Throws only for accidents of storage.
/// </remarks>
public sealed class CopyOutputs(
    AttemptStore attempts,
    IStateBlobs blobs,
    IOutputStore outputs,
    MediaFetcher media,
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
        try
        {
            var stored = attempt.ReusedFrom is null
                ? await CopyAsync(job, attempt, cancellation)
                : await TakeOverAsync(job, attempt, cancellation);
            attempt.FilesJson = JsonSerializer.Serialize(stored);
            await reusable.RememberAsync(job.Reuse, attempt, cancellation);
            if (await attempts.EndAsync(attempt, JobState.Succeeded, code: null, message: null, failedUpstream: false, cancellation))
                return JobStep.Ended;
            await TakeBackIfDeletedAsync(job, attempt, stored, cancellation);
            return JobStep.TryAgain(time.GetUtcNow());
        }
        catch (MediaException failure)
        {
            return await LaterAsync(attempt, failure, cancellation);
        }
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

    private async Task<List<StoredOutput>> CopyAsync(JobAttempt job, AttemptRow attempt, CancellationToken cancellation)
    {
        using var output = JsonDocument.Parse(attempt.OutputJson!);
        var files = MediaFiles.Read(output.RootElement);
        if (files.Count == 0)
            throw new MediaException("output_missing", "The generation completed without any file.", mayPass: false);

        var stored = new List<StoredOutput>();
        foreach (var (index, file) in files.Index())
            stored.Add(await CopyAsync(job, attempt, file, index, cancellation));
        return stored;
    }

    private async Task<StoredOutput> CopyAsync(
        JobAttempt job, AttemptRow attempt, MediaFile file, int index, CancellationToken cancellation)
    {
        await using var fetched = await media.OpenAsync(file.BestUrl, cancellation);
        var path = OutputPathTemplate.Name(attempt.OutputPath, fetched.Type.Extension, index + 1);
        var identity = new OutputIdentity(attempt.JobId, attempt.Attempt, index);
        var stored = await outputs.SaveAsync(job.Batch, path, fetched.Type, identity, fetched.Content, cancellation);
        return new StoredOutput
        {
            Path = path,
            Url = stored.Uri,
            ContentType = fetched.Type.ContentType,
            Bytes = stored.Bytes,
            Sha256 = stored.Sha256,
            Width = file.Width,
            Height = file.Height,
            DurationSeconds = file.DurationSeconds,
        };
    }

    /// <summary>Copies the files of an earlier job, under this job's paths.</summary>
    private async Task<List<StoredOutput>> TakeOverAsync(JobAttempt job, AttemptRow attempt, CancellationToken cancellation)
    {
        var source = attempt.ReusedFrom![..attempt.ReusedFrom!.IndexOf('/', StringComparison.Ordinal)];
        var stored = new List<StoredOutput>();
        foreach (var (index, file) in JsonSerializer.Deserialize<List<StoredOutput>>(attempt.FilesJson!)!.Index())
        {
            if (await outputs.OpenAsync(source, file.Path, cancellation) is not { } earlier)
                throw new MediaException("reused_output_gone", $"The output of {attempt.ReusedFrom} has been deleted meanwhile.", mayPass: false);
            await using var content = earlier.Content;
            var type = MediaType.Of(file.ContentType);
            var path = OutputPathTemplate.Name(attempt.OutputPath, type.Extension, index + 1);
            var identity = new OutputIdentity(attempt.JobId, attempt.Attempt, index);
            var copy = await outputs.SaveAsync(job.Batch, path, type, identity, content, cancellation);
            stored.Add(file with { Path = path, Url = copy.Uri, Bytes = copy.Bytes, Sha256 = copy.Sha256 });
        }

        return stored;
    }

    /// <summary>The batch was abandoned and deleted meanwhile: nobody knows of these files, and nobody would ever delete them.</summary>
    private async Task TakeBackIfDeletedAsync(JobAttempt job, AttemptRow attempt, IReadOnlyList<StoredOutput> stored, CancellationToken cancellation)
    {
        if (await attempts.FindJobAsync(job.Batch, job.N, cancellation) is not null)
            return;
        foreach (var (index, file) in stored.Index())
            await outputs.DeleteAsync(job.Batch, file.Path, new OutputIdentity(attempt.JobId, attempt.Attempt, index), cancellation);
    }

    private async Task<JobStep> LaterAsync(AttemptRow attempt, MediaException failure, CancellationToken cancellation)
    {
        // A page of a proxy passes for a file of the wrong kind, and what is refused is lost although it was paid for.
        var most = failure.MayPass ? MostTries : failure.Code is "media_type_refused" ? MostTriesOfAWrongKind : 0;
        if (++attempt.CopyTries >= most)
            return await FailAsync(attempt, failure.Code, failure.Message, cancellation);

        await attempts.SaveAsync(attempt, cancellation);
        var pause = FirstPause * Math.Pow(2, attempt.CopyTries - 1);
        return JobStep.TryAgain(time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause));
    }

    private async Task<JobStep> FailAsync(AttemptRow attempt, string code, string message, CancellationToken cancellation)
    {
        var ended = await attempts.EndAsync(attempt, JobState.Failed, code, message, failedUpstream: false, cancellation);
        return ended ? JobStep.Ended : JobStep.TryAgain(time.GetUtcNow());
    }
}
