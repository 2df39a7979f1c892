using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Clipia;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Observability;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>
/// Freezes the request of an attempt before its first send: the key and the exact bytes. A body holds upstream addresses
/// and the callback address, and a changed byte would be refused as another request under the same key.
/// </summary>
public sealed class FrozenRequests(
    AttemptStore attempts,
    IStateBlobs blobs,
    UpstreamOutputs upstream,
    ReusableOutputs reusable,
    CallbackUrl callbacks,
    TimeProvider time)
{
    // A binary column takes 64 KB.
    private const int LargestColumn = 60 * 1024;

    /// <summary>
    /// Freezes the request, or answers what an overlapping run froze. The row may have ended at once, with the reason, or be
    /// copying at once, when an earlier job's output is taken.
    /// </summary>
    /// <param name="job">The attempt.</param>
    /// <param name="sendsNow">Whether the caller sends it when this run froze it; the row then says so before.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>The row, and whether this run froze it; no row when the batch was deleted, or the claim of what is sent now was given up.</returns>
    public async Task<(AttemptRow? Attempt, bool IsOurs)> FreezeAsync(JobAttempt job, bool sendsNow, CancellationToken cancellation)
    {
        if (await ReadPlanAsync(job, cancellation) is not { } plan)
            return (null, false);
        var attempt = new AttemptRow
        {
            PartitionKey = job.Batch,
            RowKey = RowKeys.Attempt(job.N, job.Attempt),
            N = job.N,
            Attempt = job.Attempt,
            JobId = plan.Id,
            Model = plan.Model,
            IsVideo = plan.Kind == "video",
            OutputPath = plan.OutputPath,
            IdempotencyKey = IdempotencyKey.For(job.Seed, job.Batch, job.N, job.Attempt),
            UnknownSince = sendsNow ? time.GetUtcNow() : null,
            FrozenAt = time.GetUtcNow(),
            TraceParent = FlowSpans.Current,
        };

        var written = await WriteAsync(job, plan, attempt, cancellation);
        return (written ? attempt : await attempts.FindAsync(job, cancellation), written);
    }

    private async Task<bool> WriteAsync(JobAttempt job, PlannedJob plan, AttemptRow attempt, CancellationToken cancellation)
    {
        var input = await upstream.ResolveAsync(job.Batch, plan, cancellation);
        if (input.Resolution.Failure is { } problem)
            return await attempts.EndAsync(attempt, JobState.Failed, "output_reference", problem, failedUpstream: false, cancellation);

        attempt.ReuseKey = input.ReuseKey;
        if (await reusable.FindAsync(job.Reuse, job.Batch, input.ReuseKey!, cancellation) is not { } earlier)
            return await StoreAsync(job, attempt, input.Resolution.Input, cancellation);

        var sendsNow = attempt.UnknownSince is not null;
        attempt.UnknownSince = null;
        attempt.State = JobState.Generating;
        attempt.ReusedFrom = string.Create(CultureInfo.InvariantCulture, $"{earlier.Batch}/{earlier.JobId}/{earlier.Attempt}");
        attempt.OutputJson = earlier.OutputJson;
        attempt.FilesJson = earlier.FilesJson;
        // Without a claim no job would name the files that are copied.
        if (await attempts.AddClaimedAsync(attempt, cancellation))
            return true;
        if (sendsNow)
            return false;
        (attempt.State, attempt.ReusedFrom, attempt.OutputJson, attempt.FilesJson) = (JobState.Submitting, null, null, null);
        return await StoreAsync(job, attempt, input.Resolution.Input, cancellation);
    }

    /// <summary>The exact bytes.</summary>
    public async Task<ReadOnlyMemory<byte>> BodyOfAsync(AttemptRow attempt, CancellationToken cancellation)
    {
        if (attempt.Body is { } body)
            return body;
        return await blobs.ReadAsync(attempt.BodyBlob!, cancellation)
            ?? throw new InvalidDataException($"The request body {attempt.BodyBlob} is gone.");
    }

    /// <summary>The job's line; <c>null</c> when the batch has been deleted, and its plan with it.</summary>
    private async Task<PlannedJob?> ReadPlanAsync(JobAttempt job, CancellationToken cancellation)
    {
        if (await blobs.ReadAsync(BlobNames.Plan(job.Batch), job.PlanOffset, job.PlanLength, cancellation) is { } line)
            return PlannedJob.Parse(line);
        return await attempts.FindJobAsync(job.Batch, job.N, cancellation) is null
            ? null
            : throw new InvalidDataException($"The plan of batch {job.Batch} is gone.");
    }

    private async Task<bool> StoreAsync(JobAttempt job, AttemptRow attempt, JsonElement input, CancellationToken cancellation)
    {
        var body = QueueClient.CreateBody(input, callbacks.For(job.InstanceId, attempt.IdempotencyKey));
        if (body.Length <= LargestColumn)
        {
            attempt.Body = body;
        }
        else
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(body))[..16];
            attempt.BodyBlob = BlobNames.Request(job.Batch, job.N, job.Attempt, hash);
            using var bytes = new MemoryStream(body, writable: false);
            await blobs.TryAddAsync(attempt.BodyBlob, bytes, "application/json", cancellation);
        }

        return attempt.UnknownSince is null
            ? await attempts.SaveAsync(attempt, cancellation)
            : await attempts.AddClaimedAsync(attempt, cancellation);
    }
}
