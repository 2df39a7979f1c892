using System.Runtime.InteropServices;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Starting;

/// <summary>A manifest as it came, which can be read more than once: in a request, or in the container of inputs.</summary>
public sealed class ReceivedManifest
{
    private readonly Func<CancellationToken, Task<ManifestReading>> _read;
    private readonly Func<CancellationToken, Task<Stream>> _open;

    private ReceivedManifest(Func<CancellationToken, Task<ManifestReading>> read, Func<CancellationToken, Task<Stream>> open)
    {
        _read = read;
        _open = open;
    }

    /// <summary>One that is in memory.</summary>
    /// <param name="utf8">Its text.</param>
    /// <param name="format">Its form, or null to tell it by the text.</param>
    public static ReceivedManifest OfBytes(ReadOnlyMemory<byte> utf8, ManifestFormat? format = null) => new(
        _ => Task.FromResult(ManifestReader.Read(utf8, format)),
        _ => Task.FromResult<Stream>(MemoryMarshal.TryGetArray(utf8, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(utf8.ToArray(), writable: false)));

    /// <summary>One that is read as a stream, from its beginning each time.</summary>
    /// <param name="format">Its form, or null to tell it by the text.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="mostBytes">The most bytes that are read.</param>
    public static ReceivedManifest OfStream(ManifestFormat? format, Func<CancellationToken, Task<Stream>> open, long mostBytes) => new(
        async cancellation =>
        {
            await using var stream = await open(cancellation);
            return await ManifestReader.ReadAsync(stream, format, mostBytes, cancellation);
        },
        open);

    /// <summary>Reads it and tells all that is wrong with its shape.</summary>
    public Task<ManifestReading> ReadAsync(CancellationToken cancellation) => _read(cancellation);

    /// <summary>Its text.</summary>
    public Task<Stream> OpenAsync(CancellationToken cancellation) => _open(cancellation);
}
