namespace Clipia.Emulator;

/// <summary>
/// Encodes one still canvas as H.264 (baseline, no residuals): a macroblock is copied from its left or upper neighbour where
/// that is exact, and written as plain samples elsewhere. Further frames only say "as before". Own code because the emulator
/// must not need a codec.
/// </summary>
internal sealed class H264Picture
{
    public const int Block = 16;
    private const int PlainSamples = 25;
    private const int PlainSamplesCount = 16;

    private readonly int _columns;
    private readonly int _rows;
    private readonly byte[][] _planes;

    public H264Picture(Canvas canvas)
    {
        (Width, Height) = (canvas.Width, canvas.Height);
        (_columns, _rows) = ((Width + Block - 1) / Block, (Height + Block - 1) / Block);
        _planes = [new byte[_columns * _rows * 256], new byte[_columns * _rows * 64], new byte[_columns * _rows * 64]];
        FillPlanes(canvas);
    }

    public int Width { get; }
    public int Height { get; }
    public int Columns => _columns;
    public int Rows => _rows;

    public byte[] KeyFrame()
    {
        var bits = new BitWriter();
        bits.WriteUnsigned(0);        // first macroblock
        bits.WriteUnsigned(7);        // intra slice
        bits.WriteUnsigned(0);
        bits.Write(0, 8);             // frame number
        bits.WriteUnsigned(0);        // key frame id
        bits.Write(0, 2);             // no long-term reference
        bits.WriteSigned(0);
        bits.WriteUnsigned(1);        // no deblocking
        var counts = new int[_columns * _rows];
        for (var row = 0; row < _rows; row++)
        {
            for (var column = 0; column < _columns; column++)
                WriteMacroblock(bits, column, row, counts);
        }
        return H264Unit.Create(0x65, bits);
    }

    /// <summary>A frame that repeats the one before it; <paramref name="number"/> counts from the key frame.</summary>
    public byte[] SameFrame(int number)
    {
        var bits = new BitWriter();
        bits.WriteUnsigned(0);
        bits.WriteUnsigned(5);        // predicted slice
        bits.WriteUnsigned(0);
        bits.Write(number & 0xFF, 8);
        bits.Write(0, 3);             // as many references as said, not reordered, no marking
        bits.WriteSigned(0);
        bits.WriteUnsigned(1);
        bits.WriteUnsigned(_columns * _rows);
        return H264Unit.Create(0x41, bits);
    }

    private void WriteMacroblock(BitWriter bits, int column, int row, int[] counts)
    {
        var index = row * _columns + column;
        var fromLeft = column > 0 && Repeats(column, row, across: true);
        if (!fromLeft && !(row > 0 && Repeats(column, row, across: false)))
        {
            WritePlain(bits, column, row);
            counts[index] = PlainSamplesCount;
            return;
        }
        bits.WriteUnsigned(1 + (fromLeft ? 1 : 0));
        bits.WriteUnsigned(fromLeft ? 1 : 2);
        bits.WriteSigned(0);
        WriteNoCoefficients(bits, column > 0 ? counts[index - 1] : null, row > 0 ? counts[index - _columns] : null);
    }

    /// <summary>"No coefficients" is spelled according to how many the neighbours have. H.264, table 9-5.</summary>
    private static void WriteNoCoefficients(BitWriter bits, int? left, int? above)
    {
        var near = left is { } a && above is { } b ? (a + b + 1) / 2 : left ?? above ?? 0;
        var (code, length) = near switch { < 2 => (1, 1), < 4 => (3, 2), < 8 => (15, 4), _ => (3, 6) };
        bits.Write(code, length);
    }

    private void WritePlain(BitWriter bits, int column, int row)
    {
        bits.WriteUnsigned(PlainSamples);
        bits.Align();
        for (var plane = 0; plane < 3; plane++)
        {
            var size = plane == 0 ? Block : Block / 2;
            for (var y = 0; y < size; y++)
                bits.WriteBytes(_planes[plane].AsSpan(((row * size + y) * _columns + column) * size, size));
        }
    }

    /// <summary>Whether the block equals its left neighbour's last column carried across, or the upper one's last row carried down.</summary>
    private bool Repeats(int column, int row, bool across)
    {
        for (var plane = 0; plane < 3; plane++)
        {
            var size = plane == 0 ? Block : Block / 2;
            var stride = _columns * size;
            var samples = _planes[plane];
            for (var y = row * size; y < (row + 1) * size; y++)
            {
                var line = samples.AsSpan(y * stride + column * size, size);
                var same = across
                    ? !line.ContainsAnyExcept(samples[y * stride + column * size - 1])
                    : line.SequenceEqual(samples.AsSpan((row * size - 1) * stride + column * size, size));
                if (!same)
                    return false;
            }
        }
        return true;
    }

    private void FillPlanes(Canvas canvas)
    {
        var colours = canvas.Palette.Select(ToSamples).ToArray();
        var stride = _columns * Block;
        for (var y = 0; y < _rows * Block; y++)
        {
            var line = Math.Min(y, Height - 1) * Width;
            for (var x = 0; x < stride; x++)
            {
                var (luma, blue, red) = colours[canvas.Pixels[line + Math.Min(x, Width - 1)]];
                _planes[0][y * stride + x] = luma;
                if (((x | y) & 1) != 0)
                    continue;
                _planes[1][y / 2 * (stride / 2) + x / 2] = blue;
                _planes[2][y / 2 * (stride / 2) + x / 2] = red;
            }
        }
    }

    /// <summary>BT.709, studio range: luma 16 to 235, so no sample is ever 0.</summary>
    private static (byte Luma, byte Blue, byte Red) ToSamples(int rgb)
    {
        var (r, g, b) = ((rgb >> 16 & 0xFF) / 255.0, (rgb >> 8 & 0xFF) / 255.0, (rgb & 0xFF) / 255.0);
        var luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        return (Sample(16 + 219 * luma), Sample(128 + 224 * (b - luma) / 1.8556), Sample(128 + 224 * (r - luma) / 1.5748));

        static byte Sample(double value) => (byte)Math.Round(value);
    }
}
