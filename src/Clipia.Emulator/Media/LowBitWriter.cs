namespace Clipia.Emulator;

/// <summary>Bits, lowest first, as WebP has them.</summary>
internal sealed class LowBitWriter
{
    private readonly List<byte> _bytes = [];
    private ulong _pending;
    private int _used;

    public void Write(int value, int bits)
    {
        _pending |= (ulong)value << _used;
        _used += bits;
        for (; _used >= 8; _used -= 8, _pending >>= 8)
            _bytes.Add((byte)_pending);
    }

    /// <summary>Highest bit first, as prefix codes are read.</summary>
    public void WriteReversed(int value, int bits)
    {
        for (var bit = bits - 1; bit >= 0; bit--)
            Write(value >> bit & 1, 1);
    }

    public byte[] Finish()
    {
        Write(0, (8 - _used) % 8);
        return [.. _bytes];
    }
}
