using System.Buffers;

namespace ClipiaFlows.Manifests;

/// <summary>Cuts a text into lines.</summary>
internal static class JsonLines
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    public static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> text) =>
        text.Length >= ByteOrderMark.Length && text.Slice(0, ByteOrderMark.Length).ToArray().AsSpan().SequenceEqual(ByteOrderMark)
            ? text.Slice(ByteOrderMark.Length)
            : text;

    public static bool IsBlank(ReadOnlySequence<byte> text)
    {
        foreach (var part in text)
        {
            if (part.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }

    /// <summary>Takes the next line off, without its line break; the last line needs none.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> text, bool isWhole, out ReadOnlySequence<byte> line)
    {
        if (text.PositionOf((byte)'\n') is { } end)
        {
            line = text.Slice(0, end);
            text = text.Slice(text.GetPosition(1, end));
            return true;
        }

        line = text;
        if (!isWhole || text.IsEmpty)
            return false;
        text = text.Slice(text.End);
        return true;
    }
}
