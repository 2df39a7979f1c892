using System.Collections.Concurrent;
using System.Security.Cryptography;
using ClipiaFlows.Media;

namespace ClipiaFlows.Tests.Support;

/// <summary>Outputs in memory.</summary>
public sealed class InMemoryOutputStore : IOutputStore
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, MediaType Type, OutputIdentity Identity)> _files = new();

    /// <summary>What is stored, by <c>batch/path</c>.</summary>
    public IReadOnlyCollection<string> Names => [.. _files.Keys];

    public async Task<StoredFile> SaveAsync(
        string batch, string path, MediaType type, OutputIdentity identity, Stream content, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        var name = $"{batch}/{path}";
        var stored = _files.AddOrUpdate(name, (bytes.ToArray(), type, identity), (_, known) =>
            known.Identity.Batch.Length > 0 && known.Identity.Batch != identity.Batch
                ? (bytes.ToArray(), type, identity)
                : known.Identity.Job != identity.Job || known.Identity.Index != identity.Index
                ? throw new MediaException("output_path_taken", $"The output path '{name}' holds something else.", mayPass: false)
                : known.Identity.Attempt >= identity.Attempt ? known : (bytes.ToArray(), type, identity));
        return new StoredFile(new Uri($"https://outputs.example/{name}"), stored.Bytes.Length, Hash(stored.Bytes));
    }

    public Task<StoredContent?> OpenAsync(string batch, string path, long maxPart, CancellationToken cancellation) =>
        Task.FromResult(_files.TryGetValue($"{batch}/{path}", out var file)
            ? new StoredContent(new MemoryStream(file.Bytes, writable: false), file.Type.ContentType, new("\"1\""), DateTimeOffset.UnixEpoch)
            : null);

    public Task<bool> HasAsync(string batch, string path, string sha256, CancellationToken cancellation) =>
        Task.FromResult(_files.TryGetValue($"{batch}/{path}", out var file) && Hash(file.Bytes) == sha256);

    public Task DeleteAsync(string batch, string path, OutputIdentity identity, CancellationToken cancellation)
    {
        var name = $"{batch}/{path}";
        if (_files.TryGetValue(name, out var file) && file.Identity == identity)
            _files.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task DeleteAllAsync(string batch, CancellationToken cancellation)
    {
        foreach (var name in _files.Keys.Where(name => name.StartsWith(batch + "/", StringComparison.Ordinal)))
            _files.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
