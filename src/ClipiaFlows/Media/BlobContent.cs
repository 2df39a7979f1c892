using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ClipiaFlows.Media;

/// <summary>
/// One version of a blob, readable from any place. Bytes are passed on as they arrive, and storage is asked only for those from
/// the position on; the client library's own stream would fetch megabytes for two bytes, and hold them in memory.
/// </summary>
/// <param name="blob">The blob.</param>
/// <param name="version">Its version; reading throws <see cref="RequestFailedException"/> with status 412 when it is replaced.</param>
/// <param name="length">Its length.</param>
/// <param name="maxPart">How many bytes storage is asked for at a time; when more are read, it is asked again.</param>
internal sealed class BlobContent(BlobClient blob, ETag version, long length, long maxPart) : Stream
{
    private Stream? _part;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0 && _position < length)
        {
            _part ??= await OpenPartAsync(cancellationToken);
            if (await _part.ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                _position += count;
                return count;
            }

            ClosePart();
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => length,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target != _position)
            ClosePart();
        return _position = target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            ClosePart();
        base.Dispose(disposing);
    }

    private async Task<Stream> OpenPartAsync(CancellationToken cancellation)
    {
        var part = new BlobDownloadOptions
        {
            Range = new HttpRange(_position, Math.Min(maxPart, length - _position)),
            Conditions = new BlobRequestConditions { IfMatch = version },
        };
        return (await blob.DownloadStreamingAsync(part, cancellation)).Value.Content;
    }

    private void ClosePart()
    {
        _part?.Dispose();
        _part = null;
    }
}
