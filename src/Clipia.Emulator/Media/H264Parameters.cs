namespace Clipia.Emulator;

/// <summary>What a decoder must know before the first picture: size, level, coding tools, colour space.</summary>
internal static class H264Parameters
{
    public static byte[] Sequence(H264Picture picture)
    {
        var bits = new BitWriter();
        bits.Write(66, 8);            // baseline
        bits.Write(0xC0, 8);          // constrained
        bits.Write(LevelOf(picture), 8);
        bits.WriteUnsigned(0);        // id
        bits.WriteUnsigned(4);        // 8 bits of frame number
        bits.WriteUnsigned(2);        // output order is decoding order
        bits.WriteUnsigned(1);        // reference frames
        bits.Write(0, 1);
        bits.WriteUnsigned(picture.Columns - 1);
        bits.WriteUnsigned(picture.Rows - 1);
        bits.Write(1, 1);             // frames only
        bits.Write(1, 1);
        var (right, bottom) = (picture.Columns * H264Picture.Block - picture.Width, picture.Rows * H264Picture.Block - picture.Height);
        bits.Write(right + bottom > 0 ? 1 : 0, 1);
        if (right + bottom > 0)
        {
            bits.WriteUnsigned(0);
            bits.WriteUnsigned(right / 2);
            bits.WriteUnsigned(0);
            bits.WriteUnsigned(bottom / 2);
        }
        WriteColourSpace(bits);
        return H264Unit.Create(0x67, bits);
    }

    public static byte[] Picture()
    {
        var bits = new BitWriter();
        bits.WriteUnsigned(0);        // id
        bits.WriteUnsigned(0);        // of sequence 0
        bits.Write(0, 2);             // CAVLC, no field order
        bits.WriteUnsigned(0);        // one slice group
        bits.WriteUnsigned(0);        // one reference in list 0
        bits.WriteUnsigned(0);        // and in list 1
        bits.Write(0, 3);             // no weighting
        bits.WriteSigned(0);
        bits.WriteSigned(0);
        bits.WriteSigned(0);
        bits.Write(1, 1);             // the slice says whether to deblock
        bits.Write(0, 2);
        return H264Unit.Create(0x68, bits);
    }

    /// <summary>The lowest level that allows this many macroblocks in a frame.</summary>
    private static int LevelOf(H264Picture picture) => (picture.Columns * picture.Rows) switch { <= 1620 => 30, <= 3600 => 31, <= 8192 => 40, _ => 51 };

    /// <summary>Says BT.709, studio range; players otherwise guess by the size of the picture.</summary>
    private static void WriteColourSpace(BitWriter bits)
    {
        bits.Write(1, 1);
        bits.Write(0, 2);             // no aspect ratio, no overscan
        bits.Write(1, 1);
        bits.Write(0b101_0, 4);       // unspecified format, studio range
        bits.Write(1, 1);
        bits.Write(0x010101, 24);     // BT.709 primaries, transfer, matrix
        bits.Write(0, 6);             // no chroma position, timing, buffering, structure, restriction
    }
}
