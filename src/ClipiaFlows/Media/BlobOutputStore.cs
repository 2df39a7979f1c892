using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClipiaFlows.Observability;

namespace ClipiaFlows.Media;

/// <summary>Outputs in a container: blocks are staged while the file comes, and committed together with what is known of it.</summary>
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
        var (blocks, bytes, sha256) = await StageAsync(blob, content, cancellation);
        var options = new CommitBlockListOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = type.ContentType },
            Metadata = Describe(identity, sha256),
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            await blob.CommitBlockListAsync(blocks, options, cancellation);
            return new StoredFile(blob.Uri, bytes, sha256);
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            return await ReplaceOlderAsync(blob, blocks, options, identity, new StoredFile(blob.Uri, bytes, sha256), cancellation);
        }
    }

    /// <inheritdoc />
    public async Task<(Stream Content, string ContentType)?> OpenAsync(string batch, string path, CancellationToken cancellation)
    {
        try
        {
            var file = await container.GetBlobClient($"{batch}/{path}").DownloadStreamingAsync(new BlobDownloadOptions(), cancellation);
            return (file.Value.Content, file.Value.Details.ContentType);
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
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
    public async Task DeleteAllAsync(string batch, CancellationToken cancellation)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{batch}/", cancellation))
            await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
    }

    private static async Task<(List<string> Blocks, long Bytes, string Sha256)> StageAsync(
        BlockBlobClient blob, Stream content, CancellationToken cancellation)
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
            var name = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{prefix}-{blocks.Count:D6}")));
            using var block = new MemoryStream(buffer, 0, length, writable: false);
            await blob.StageBlockAsync(name, block, options: null, cancellation);
            blocks.Add(name);
        }

        return (blocks, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task<StoredFile> ReplaceOlderAsync(
        BlockBlobClient blob, List<string> blocks, CommitBlockListOptions options, OutputIdentity identity, StoredFile stored, CancellationToken cancellation)
    {
        var existing = (await blob.GetPropertiesAsync(conditions: null, cancellation)).Value;
        var metadata = existing.Metadata;
        if (Get("job") != identity.Job || Get("output") != Number(identity.Index) || !int.TryParse(Get("attempt"), out var attempt))
            throw new MediaException("output_path_taken", $"The output path '{blob.Name}' holds something else.", mayPass: false);
        if (attempt >= identity.Attempt)
            return new StoredFile(blob.Uri, existing.ContentLength, Get("sha256"));

        options.Conditions = new BlobRequestConditions { IfMatch = existing.ETag };
        await blob.CommitBlockListAsync(blocks, options, cancellation);
        return stored;

        string Get(string key) => metadata.TryGetValue(key, out var value) ? value : "";
    }

    private static Dictionary<string, string> Describe(OutputIdentity identity, string sha256) => new()
    {
        ["job"] = identity.Job,
        ["attempt"] = Number(identity.Attempt),
        ["output"] = Number(identity.Index),
        ["sha256"] = sha256,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
