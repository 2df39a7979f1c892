using System.Buffers.Binary;
using System.IO.Compression;

namespace Clipia.Emulator;

/// <summary>Writes a canvas as an indexed PNG. Own code because the package feed has no image library.</summary>
internal static class PngFile
{
    private const byte BitDepth = 8;
    private const byte Indexed = 3;
    private static readonly uint[] CrcTable = MakeCrcTable();

    public static byte[] Encode(Canvas canvas)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), canvas.Height);
        header[8] = BitDepth;
        header[9] = Indexed;
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "PLTE"u8, canvas.Palette.SelectMany(rgb => new[] { (byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb }).ToArray());
        WriteChunk(file, "IDAT"u8, Compress(canvas));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compress(Canvas canvas)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            for (var y = 0; y < canvas.Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(canvas.Pixels, y * canvas.Width, canvas.Width);
            }
        }
        return packed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            crc = CrcTable[(crc ^ value) & 0xFF] ^ crc >> 8;
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
            table[i] = crc;
        }
        return table;
    }
}
