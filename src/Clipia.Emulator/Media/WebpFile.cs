using System.Buffers.Binary;

namespace Clipia.Emulator;

/// <summary>
/// Writes a canvas as a lossless WebP (VP8L): its palette, then its indexes with Huffman codes and runs that repeat the
/// pixel before or the row above. Own code because the package feed has no image library.
/// </summary>
internal static class WebpFile
{
    private const int Channels = 256;
    private const int LengthCodes = 24;
    private const int LongestRun = 4096;
    private const int ShortestRun = 4;

    // With 16 colours or fewer several pixels would share a byte.
    private const int SmallestPalette = 17;

    // Distances are codes too: 1 is the row above, 2 the pixel before.
    private const int RowAbove = 0;
    private const int PixelBefore = 1;

    public static byte[] Encode(Canvas canvas)
    {
        var bits = new LowBitWriter();
        bits.Write(canvas.Width - 1, 14);
        bits.Write(canvas.Height - 1, 14);
        bits.Write(0, 4);
        WritePalette(bits, canvas.Palette);
        bits.Write(0, 3);
        WriteIndexes(bits, canvas);
        return Wrap(bits.Finish());
    }

    /// <summary>One transform, from colours to indexes. Each colour is written as its difference from the one before.</summary>
    private static void WritePalette(LowBitWriter bits, List<int> palette)
    {
        var size = Math.Max(palette.Count, SmallestPalette);
        bits.Write(1, 1);
        bits.Write(3, 2);
        bits.Write(size - 1, 8);
        bits.Write(0, 1);
        var plain = Enumerable.Repeat(8, Channels).ToArray();
        var green = new PrefixCode([.. plain, .. new int[LengthCodes]]);
        var other = new PrefixCode(plain);
        green.WriteTo(bits);
        other.WriteTo(bits);
        other.WriteTo(bits);
        PrefixCode.WritePair(bits, 0, 255);
        PrefixCode.WriteSingle(bits);
        var before = 0;
        for (var i = 0; i < size; i++)
        {
            var colour = i < palette.Count ? palette[i] : before;
            green.Write(bits, (colour >> 8) - (before >> 8) & 255);
            other.Write(bits, (colour >> 16) - (before >> 16) & 255);
            other.Write(bits, colour - before & 255);
            bits.Write(i == 0 ? 1 : 0, 1);
            before = colour;
        }
    }

    /// <summary>The indexes are the green channel; the other channels have one value and so no bits.</summary>
    private static void WriteIndexes(LowBitWriter bits, Canvas canvas)
    {
        var steps = StepsOf(canvas);
        var counts = new int[Channels + LengthCodes];
        foreach (var (symbol, _, _, _) in steps)
            counts[symbol]++;
        var green = PrefixCode.For(counts);
        green.WriteTo(bits);
        PrefixCode.WriteSingle(bits);
        PrefixCode.WriteSingle(bits);
        PrefixCode.WriteSingle(bits);
        PrefixCode.WritePair(bits, RowAbove, PixelBefore);
        foreach (var (symbol, extraBits, extra, distance) in steps)
        {
            green.Write(bits, symbol);
            if (symbol < Channels)
                continue;
            bits.Write(extra, extraBits);
            bits.Write(distance, 1);
        }
    }

    private static List<(int Symbol, int ExtraBits, int Extra, int Distance)> StepsOf(Canvas canvas)
    {
        var (pixels, width) = (canvas.Pixels, canvas.Width);
        var steps = new List<(int, int, int, int)>();
        for (var at = 0; at < pixels.Length;)
        {
            var before = RunAt(pixels, at, 1);
            var above = RunAt(pixels, at, width);
            var run = Math.Max(before, above);
            if (run < ShortestRun)
            {
                steps.Add((pixels[at++], 0, 0, 0));
                continue;
            }
            var (prefix, extraBits, extra) = LengthOf(run);
            steps.Add((Channels + prefix, extraBits, extra, above >= before ? RowAbove : PixelBefore));
            at += run;
        }
        return steps;
    }

    private static int RunAt(byte[] pixels, int at, int distance)
    {
        if (at < distance)
            return 0;
        var longest = Math.Min(LongestRun, pixels.Length - at);
        return pixels.AsSpan(at, longest).CommonPrefixLength(pixels.AsSpan(at - distance, longest));
    }

    /// <summary>A length as its prefix and the bits that choose among the lengths of that prefix.</summary>
    private static (int Prefix, int Bits, int Extra) LengthOf(int length)
    {
        var value = length - 1;
        if (value < 4)
            return (value, 0, 0);
        var highest = int.Log2(value);
        var second = value >> (highest - 1) & 1;
        return (2 * highest + second, highest - 1, value & (1 << (highest - 1)) - 1);
    }

    private static byte[] Wrap(byte[] image)
    {
        const byte signature = 0x2F;
        var padded = image.Length + 1 + 1 & ~1;
        var file = new byte[20 + padded];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WEBPVP8L"u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), image.Length + 1);
        file[20] = signature;
        image.CopyTo(file, 21);
        return file;
    }
}
