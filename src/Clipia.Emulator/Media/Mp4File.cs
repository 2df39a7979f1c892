using System.Buffers.Binary;
using System.Text;

namespace Clipia.Emulator;

/// <summary>Writes a still canvas as an MP4 video of a given length: one key frame, then frames that repeat it.</summary>
internal static class Mp4File
{
    private const int FramesPerSecond = 10;
    private const int FrameTicks = 100;
    private const int TicksPerSecond = FramesPerSecond * FrameTicks;

    public static byte[] Encode(Canvas canvas, double seconds)
    {
        var picture = new H264Picture(canvas);
        var count = Math.Max(1, (int)Math.Round(seconds * FramesPerSecond));
        var frames = new List<byte[]> { Sized(picture.KeyFrame()) };
        for (var frame = 1; frame < count; frame++)
            frames.Add(Sized(picture.SameFrame(frame)));

        var type = Box("ftyp", Text("isom"), Number(512), Text("isomiso2avc1mp41"));
        // The index holds absolute positions, and their digits do not change its size.
        var index = Index(picture, frames, dataAt: 0);
        index = Index(picture, frames, type.Length + index.Length + 8);
        return [.. type, .. index, .. Box("mdat", [.. frames.SelectMany(frame => frame)])];
    }

    private static byte[] Index(H264Picture picture, List<byte[]> frames, int dataAt)
    {
        var duration = frames.Count * FrameTicks;
        return Box("moov",
            Box("mvhd", Number(0, 0, 0, TicksPerSecond, duration, 0x00010000), Short(0x0100, 0), Number(0, 0), Matrix, Number(0, 0, 0, 0, 0, 0, 2)),
            Box("trak",
                Box("tkhd", Number(3, 0, 0, 1, 0, duration, 0, 0), Short(0, 0, 0, 0), Matrix, Number(picture.Width << 16, picture.Height << 16)),
                Box("mdia",
                    Box("mdhd", Number(0, 0, 0, TicksPerSecond, duration), Short(0x55C4, 0)),
                    Box("hdlr", Number(0, 0), Text("vide"), Number(0, 0, 0), Text("video\0")),
                    Box("minf",
                        Box("vmhd", Number(1), Short(0, 0, 0, 0)),
                        Box("dinf", Box("dref", Number(0, 1), Box("url ", Number(1)))),
                        Samples(picture, frames, dataAt)))));
    }

    private static byte[] Samples(H264Picture picture, List<byte[]> frames, int dataAt) => Box("stbl",
        Box("stsd", Number(0, 1), Box("avc1",
            Number(0), Short(0, 1), Number(0, 0, 0, 0), Short(picture.Width, picture.Height), Number(0x00480000, 0x00480000, 0),
            Short(1), new byte[32], Short(24, 0xFFFF), Configuration(picture))),
        Box("stts", Number(0, 1, frames.Count, FrameTicks)),
        Box("stss", Number(0, 1, 1)),
        Box("stsc", Number(0, 1, 1, frames.Count, 1)),
        Box("stsz", Number(0, 0, frames.Count), Number([.. frames.Select(frame => frame.Length)])),
        Box("stco", Number(0, 1, dataAt)));

    private static byte[] Configuration(H264Picture picture)
    {
        var (sequence, parameters) = (H264Parameters.Sequence(picture), H264Parameters.Picture());
        return Box("avcC",
            [1, sequence[1], sequence[2], sequence[3], 0xFF, 0xE1], Short(sequence.Length), sequence, [1], Short(parameters.Length), parameters);
    }

    private static byte[] Matrix => Number(0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000);

    private static byte[] Sized(byte[] unit) => [.. Number(unit.Length), .. unit];

    private static byte[] Box(string type, params ReadOnlySpan<byte[]> parts)
    {
        var length = 8;
        foreach (var part in parts)
            length += part.Length;
        var box = new List<byte>(length);
        box.AddRange(Number(length));
        box.AddRange(Text(type));
        foreach (var part in parts)
            box.AddRange(part);
        return [.. box];
    }

    private static byte[] Text(string ascii) => Encoding.ASCII.GetBytes(ascii);

    private static byte[] Number(params ReadOnlySpan<int> values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }

    private static byte[] Short(params ReadOnlySpan<int> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), (ushort)values[i]);
        return bytes;
    }
}
