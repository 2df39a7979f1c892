using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.Stores;

/// <summary>
/// The batch's papers in the app's own storage account. Throws <see cref="StorageRejectedException"/> for what storage will never
/// take, and <see cref="RequestFailedException"/>.
/// </summary>
public sealed partial class AzureStateBlobs(BlobServiceClient service, ILogger<AzureStateBlobs>? log = null) : IStateBlobs
{
    private readonly ILogger _log = log ?? NullLogger<AzureStateBlobs>.Instance;

    /// <inheritdoc />
    public async Task<bool> TryAddAsync(string name, Stream content, string contentType, CancellationToken cancellation)
    {
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            await Blob(name).UploadAsync(content, options, cancellation);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            return false;
        }
        catch (RequestFailedException failure) when (StorageRejectedException.IsRejection(failure))
        {
            throw Rejected(name, content, failure);
        }
    }

    /// <inheritdoc />
    public async Task PutAsync(string name, Stream content, string contentType, CancellationToken cancellation)
    {
        try
        {
            await Blob(name).UploadAsync(
                content, new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } }, cancellation);
        }
        catch (RequestFailedException failure) when (StorageRejectedException.IsRejection(failure))
        {
            throw Rejected(name, content, failure);
        }
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await Blob(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellation);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, CancellationToken cancellation) =>
        ReadAsync(name, new BlobDownloadOptions(), cancellation);

    /// <inheritdoc />
    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, long offset, int length, CancellationToken cancellation) =>
        ReadAsync(name, new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellation);

    /// <inheritdoc />
    public async Task DeleteAllAsync(string prefix, CancellationToken cancellation)
    {
        var (container, path) = Split(prefix);
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, path, cancellation))
            await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
    }

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(string name, BlobDownloadOptions options, CancellationToken cancellation)
    {
        try
        {
            return (await Blob(name).DownloadContentAsync(options, cancellation)).Value.Content.ToMemory();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private StorageRejectedException Rejected(string name, Stream content, RequestFailedException failure)
    {
        var rejection = StorageRejectedException.Of($"a blob in {name[..name.IndexOf('/', StringComparison.Ordinal)]}", content.CanSeek ? content.Length : null, failure);
        LogRejected(rejection.Message);
        return rejection;
    }

    [LoggerMessage(1, LogLevel.Error, "{Rejection}")]
    private partial void LogRejected(string rejection);

    private BlobClient Blob(string name)
    {
        var (container, path) = Split(name);
        return container.GetBlobClient(path);
    }

    private (BlobContainerClient Container, string Path) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return (service.GetBlobContainerClient(name[..slash]), name[(slash + 1)..]);
    }
}
