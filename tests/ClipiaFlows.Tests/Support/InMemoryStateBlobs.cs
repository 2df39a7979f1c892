using System.Collections.Concurrent;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Support;

/// <summary>A batch's papers in memory.</summary>
public sealed class InMemoryStateBlobs : IStateBlobs
{
    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public async Task<bool> TryAddAsync(string name, Stream content, string contentType, CancellationToken cancellation) =>
        Blobs.TryAdd(name, await BytesAsync(content));

    public async Task PutAsync(string name, Stream content, string contentType, CancellationToken cancellation) =>
        Blobs[name] = await BytesAsync(content);

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(Blobs.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : null);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, CancellationToken cancellation) =>
        Task.FromResult(Blobs.TryGetValue(name, out var bytes) ? (ReadOnlyMemory<byte>?)bytes : null);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, long offset, int length, CancellationToken cancellation) =>
        Task.FromResult(Blobs.TryGetValue(name, out var bytes) ? (ReadOnlyMemory<byte>?)bytes.AsMemory((int)offset, length) : null);

    public Task DeleteAllAsync(string prefix, CancellationToken cancellation)
    {
        foreach (var name in Blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
            Blobs.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    private static async Task<byte[]> BytesAsync(Stream content)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
