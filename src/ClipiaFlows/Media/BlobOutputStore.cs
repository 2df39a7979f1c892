using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClipiaFlows.Observability;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Media;

/// <summary>
/// Outputs in a container. A file of 4 MB or more is staged in blocks while it comes, and committed together with what is
/// known of it; a smaller one is written at once.
/// </summary>
public sealed class BlobOutputStore(BlobContainerClient container) : IOutputStore
{
    private const int BlockSize = 4 * 1024 * 1024;

    /// <inheritdoc />
    public async Task<StoredFile> SaveAsync(
        string batch, string path, MediaType type, OutputIdentity identity, Stream content, CancellationToken cancellation)
    {
        using var span = FlowSpans.Store();
        var started = Stopwatch.GetTimestamp();
        var stored = await StoreAsync(batch, path, type, identity, content, cancellation);
        span?.SetTag("clipiaflows.media_type", type.ContentType).SetTag("clipiaflows.bytes", stored.Bytes);
        FlowsTelemetry.Copied(type.ContentType, stored.Bytes, Stopwatch.GetElapsedTime(started));
        return stored;
    }

    private async Task<StoredFile> StoreAsync(
        string batch, string path, MediaType type, OutputIdentity identity, Stream content, CancellationToken cancellation)
    {
        var blob = container.GetBlockBlobClient($"{batch}/{path}");
        try
        {
            return await StoreAsync(blob, type, identity, content, cancellation);
        }
        catch (RequestFailedException failure) when (StorageRejectedException.IsRejection(failure))
        {
            throw new MediaException(
                StorageRejectedException.Code, $"Storage refused the file '{path}': it answered {failure.Status} {failure.ErrorCode}.", mayPass: true);
        }
    }

    private static async Task<StoredFile> StoreAsync(
        BlockBlobClient blob, MediaType type, OutputIdentity identity, Stream content, CancellationToken cancellation)
    {
        var upload = await StageAsync(blob, content, cancellation);
        var headers = new BlobHttpHeaders { ContentType = type.ContentType };
        var metadata = Describe(identity, upload.Sha256);
        var stored = new StoredFile(blob.Uri, upload.Bytes, upload.Sha256);
        try
        {
            await upload.CommitAsync(headers, metadata, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellation);
            return stored;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            var existing = (await blob.GetPropertiesAsync(conditions: null, cancellation)).Value;
            if (IsAtLeastAsNew(existing, identity, blob.Name))
                return new StoredFile(blob.Uri, existing.ContentLength, existing.Metadata["sha256"]);
            await upload.CommitAsync(headers, metadata, new BlobRequestConditions { IfMatch = existing.ETag }, cancellation);
            return stored;
        }
    }

    /// <inheritdoc />
    public async Task<StoredContent?> OpenAsync(string batch, string path, long maxPart, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient($"{batch}/{path}");
        try
        {
            var file = (await blob.GetPropertiesAsync(conditions: null, cancellation)).Value;
            return new(new BlobContent(blob, file.ETag, file.ContentLength, maxPart), file.ContentType, file.ETag, file.LastModified);
        }
        // A name that storage does not take names nothing.
        catch (RequestFailedException missing) when (missing.Status is 404 || StorageRejectedException.IsRejection(missing))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<bool> HasAsync(string batch, string path, string sha256, CancellationToken cancellation)
    {
        try
        {
            var properties = await container.GetBlobClient($"{batch}/{path}").GetPropertiesAsync(conditions: null, cancellation);
            return properties.Value.Metadata.TryGetValue("sha256", out var stored) && stored == sha256;
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(string batch, string path, OutputIdentity identity, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient($"{batch}/{path}");
        try
        {
            var existing = (await blob.GetPropertiesAsync(conditions: null, cancellation)).Value;
            if (Get(existing, "job") == identity.Job && Get(existing, "attempt") == Number(identity.Attempt) && Get(existing, "output") == Number(identity.Index) && Get(existing, "batch") == identity.Batch)
                await blob.DeleteAsync(DeleteSnapshotsOption.None, new BlobRequestConditions { IfMatch = existing.ETag }, cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status is 404 or 412)
        {
            // Nobody's file, or another's by now.
        }
    }

    /// <inheritdoc />
    public async Task DeleteAllAsync(string batch, CancellationToken cancellation)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{batch}/", cancellation))
            await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
    }

    /// <summary>Takes the content in: a small file stays in memory and is sent with its description, a large one goes ahead in blocks.</summary>
    private static async Task<Upload> StageAsync(BlockBlobClient blob, Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Overlapping copies of the same output must not share block names.
        var prefix = Guid.NewGuid().ToString("N")[..8];
        var blocks = new List<string>();
        var bytes = 0L;
        var buffer = new byte[BlockSize];
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is var length and > 0)
        {
            hash.AppendData(buffer, 0, length);
            bytes += length;
            if (blocks.Count == 0 && length < BlockSize)
                return new Upload(blob, buffer.AsMemory(0, length), [], bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
            var name = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{prefix}-{blocks.Count:D6}")));
            using var block = new MemoryStream(buffer, 0, length, writable: false);
            await blob.StageBlockAsync(name, block, options: null, cancellation);
            blocks.Add(name);
        }

        return new Upload(blob, default, blocks, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static bool IsAtLeastAsNew(BlobProperties existing, OutputIdentity identity, string name)
    {
        // Files from before seeds were stored count as this batch's own.
        if (Get(existing, "batch") is { Length: > 0 } batch && batch != identity.Batch)
            return false;
        if (Get(existing, "job") != identity.Job
            || Get(existing, "output") != Number(identity.Index)
            || !int.TryParse(Get(existing, "attempt"), out var attempt))
            throw new MediaException("output_path_taken", $"The output path '{name}' holds something else.", mayPass: false);
        return attempt >= identity.Attempt;
    }

    private static string Get(BlobProperties blob, string key) => blob.Metadata.TryGetValue(key, out var value) ? value : "";

    private static Dictionary<string, string> Describe(OutputIdentity identity, string sha256)
    {
        var description = new Dictionary<string, string>
        {
            ["job"] = identity.Job,
            ["attempt"] = Number(identity.Attempt),
            ["output"] = Number(identity.Index),
            ["sha256"] = sha256,
        };
        if (identity.Batch.Length > 0)
            description["batch"] = identity.Batch;
        return description;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A file that is ready to appear under its name, all at once.</summary>
    private sealed record Upload(BlockBlobClient Blob, ReadOnlyMemory<byte> Whole, IReadOnlyList<string> Blocks, long Bytes, string Sha256)
    {
        public async Task CommitAsync(
            BlobHttpHeaders headers, Dictionary<string, string> metadata, BlobRequestConditions conditions, CancellationToken cancellation)
        {
            if (Blocks.Count > 0)
            {
                var list = new CommitBlockListOptions { HttpHeaders = headers, Metadata = metadata, Conditions = conditions };
                await Blob.CommitBlockListAsync(Blocks, list, cancellation);
                return;
            }

            await using var content = BinaryData.FromBytes(Whole).ToStream();
            var whole = new BlobUploadOptions { HttpHeaders = headers, Metadata = metadata, Conditions = conditions };
            await Blob.UploadAsync(content, whole, cancellation);
        }
    }
}
