using System.Diagnostics;

namespace ClipiaFlows.Cli.Api;

/// <summary>
/// The body of an answer, of which no more than a number of bytes is read. It ends with an exception when nothing comes for a time, or
/// so little that it would never end.
/// </summary>
internal sealed class BoundedBody(Stream inner, long maxBytes, TimeSpan readTimeout) : Stream
{
    private const int MinBytesPerTimeout = 4096;

    private long _read;
    private long _readBefore;
    private TimeSpan _waited;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <exception cref="BodyException">It is larger, or stopped coming.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(readTimeout);
        try
        {
            var start = Stopwatch.GetTimestamp();
            var length = await inner.ReadAsync(buffer, limit.Token);
            _read += length;
            _waited += Stopwatch.GetElapsedTime(start);
            if (_read > maxBytes)
                throw new BodyException("is larger than it may be");
            if (length > 0 && _waited > readTimeout)
            {
                if (_read - _readBefore < MinBytesPerTimeout)
                    throw new BodyException($"comes too slowly, with {_read - _readBefore} bytes in {readTimeout.TotalSeconds:0.#} seconds");
                (_readBefore, _waited) = (_read, TimeSpan.Zero);
            }

            return length;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BodyException($"stopped coming for {readTimeout.TotalSeconds:0.#} seconds");
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new BodyException("was cut off", broken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Why an answer could not be read to its end, as the rest of a sentence that begins with what was read.</summary>
internal sealed class BodyException(string what, Exception? inner = null) : Exception(what, inner);
