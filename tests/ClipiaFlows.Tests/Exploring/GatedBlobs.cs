using ClipiaFlows.Media;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Papers whose writes are effects of the flight that makes them.</summary>
internal sealed class GatedBlobs(InMemoryStateBlobs blobs) : IStateBlobs
{
    public async Task<bool> TryAddAsync(string name, Stream content, string contentType, CancellationToken cancellation)
    {
        await Flight.Before("blob");
        return await blobs.TryAddAsync(name, content, contentType, cancellation);
    }

    public async Task PutAsync(string name, Stream content, string contentType, CancellationToken cancellation)
    {
        // The receipt's files are replaced as a whole, each for itself; a stop before one of them is like any other.
        if (!name.StartsWith("receipts/", StringComparison.Ordinal) || name.EndsWith("summary.json", StringComparison.Ordinal))
            await Flight.Before("blob");
        await blobs.PutAsync(name, content, contentType, cancellation);
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellation) => blobs.OpenAsync(name, cancellation);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, CancellationToken cancellation) => blobs.ReadAsync(name, cancellation);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, long offset, int length, CancellationToken cancellation) =>
        blobs.ReadAsync(name, offset, length, cancellation);

    public async Task DeleteAllAsync(string prefix, CancellationToken cancellation)
    {
        await Flight.Before("delete blobs");
        await blobs.DeleteAllAsync(prefix, cancellation);
    }
}

/// <summary>Outputs whose writes are effects of the flight that makes them.</summary>
internal sealed class GatedOutputs(InMemoryOutputStore outputs) : IOutputStore
{
    public async Task<StoredFile> SaveAsync(
        string batch, string path, MediaType type, OutputIdentity identity, Stream content, CancellationToken cancellation)
    {
        await Flight.Before("output");
        return await outputs.SaveAsync(batch, path, type, identity, content, cancellation);
    }

    public Task<StoredContent?> OpenAsync(string batch, string path, long maxPart, CancellationToken cancellation) =>
        outputs.OpenAsync(batch, path, maxPart, cancellation);

    public Task<bool> HasAsync(string batch, string path, string sha256, CancellationToken cancellation) =>
        outputs.HasAsync(batch, path, sha256, cancellation);

    public async Task DeleteAsync(string batch, string path, OutputIdentity identity, CancellationToken cancellation)
    {
        await Flight.Before("delete output");
        await outputs.DeleteAsync(batch, path, identity, cancellation);
    }

    public async Task DeleteAllAsync(string batch, CancellationToken cancellation)
    {
        await Flight.Before("delete outputs");
        await outputs.DeleteAllAsync(batch, cancellation);
    }
}
