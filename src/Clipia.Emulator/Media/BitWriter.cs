using System.Numerics;

namespace Clipia.Emulator;

/// <summary>Bits, highest first, with the number codes of H.264.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private int _current;
    private int _used;

    public void Write(int value, int bits)
    {
        for (var bit = bits - 1; bit >= 0; bit--)
        {
            _current = _current << 1 | value >> bit & 1;
            if (++_used == 8)
            {
                _bytes.Add((byte)_current);
                (_current, _used) = (0, 0);
            }
        }
    }

    /// <summary>Exp-Golomb: as many zeros as the number plus one has bits, less one, then that number.</summary>
    public void WriteUnsigned(int value)
    {
        var length = BitOperations.Log2((uint)value + 1);
        Write(0, length);
        Write(value + 1, length + 1);
    }

    public void WriteSigned(int value) => WriteUnsigned(value > 0 ? 2 * value - 1 : -2 * value);

    public void Align() => Write(0, (8 - _used) % 8);

    /// <summary>Only where the writer is aligned.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public byte[] Finish()
    {
        Write(1, 1);
        Align();
        return [.. _bytes];
    }
}
