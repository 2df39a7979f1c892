using System.Buffers;

namespace System.IO.Hashing;

/// <summary>
/// What Azure.Storage's own checksum derives from. The package of this name is not in the feed that the local build
/// restores from; the azure build has the genuine one.
/// </summary>
public abstract class NonCryptographicHashAlgorithm
{
    private const int BufferSize = 4096;

    protected NonCryptographicHashAlgorithm(int hashLengthInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashLengthInBytes, 1);
        HashLengthInBytes = hashLengthInBytes;
    }

    public int HashLengthInBytes { get; }

    public abstract void Append(ReadOnlySpan<byte> source);

    public abstract void Reset();

    public void Append(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        while (stream.Read(buffer, 0, buffer.Length) is > 0 and var read)
            Append(buffer.AsSpan(0, read));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public async Task AppendAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            Append(buffer.AsSpan(0, read));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public byte[] GetCurrentHash()
    {
        var hash = new byte[HashLengthInBytes];
        GetCurrentHashCore(hash);
        return hash;
    }

    public int GetCurrentHash(Span<byte> destination)
    {
        if (destination.Length < HashLengthInBytes)
            throw new ArgumentException("Destination is too short.", nameof(destination));
        GetCurrentHashCore(destination[..HashLengthInBytes]);
        return HashLengthInBytes;
    }

    protected abstract void GetCurrentHashCore(Span<byte> destination);
}
