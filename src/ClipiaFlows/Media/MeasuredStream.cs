namespace ClipiaFlows.Media;

/// <summary>
/// The content of a fetched file: ends with a <see cref="MediaException"/> where it is too long, shorter than announced, or
/// takes longer than allowed.
/// </summary>
internal sealed class MeasuredStream(
    ReadOnlyMemory<byte> start, Stream rest, long? announced, long most, CancellationTokenSource limited) : Stream
{
    private ReadOnlyMemory<byte> _start = start;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        var count = _start.Length > 0 ? TakeFromStart(buffer) : await ReadRestAsync(buffer, cancellationToken);
        _read += count;
        if (_read > most)
            throw new MediaException("media_too_large", $"The file is larger than Media:MaxBytes allows ({most} bytes).", mayPass: false);
        if (count == 0 && announced is { } length && _read != length)
            throw CutShort("The file ended before its announced length.");
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
            limited.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakeFromStart(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _start.Length);
        _start[..count].CopyTo(buffer);
        _start = _start[count..];
        return count;
    }

    private async ValueTask<int> ReadRestAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await rest.ReadAsync(buffer, limited.Token);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw CutShort("The connection broke before the end of the file.", cut);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw CutShort("The file did not arrive in the time that Media:TimeoutSeconds allows.", late);
        }
    }

    private static MediaException CutShort(string message, Exception? inner = null) =>
        new("media_cut_short", message, mayPass: true, inner);
}
