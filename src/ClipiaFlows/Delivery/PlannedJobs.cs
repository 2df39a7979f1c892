using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ClipiaFlows.Planning;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Delivery;

/// <summary>The jobs of a stored plan, read line by line, so that its length does not matter.</summary>
internal static class PlannedJobs
{
    /// <summary>The jobs in order; none when there is no plan.</summary>
    public static async IAsyncEnumerable<PlannedJob> ReadAsync(
        IStateBlobs blobs, string batch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stored = await blobs.OpenAsync(BlobNames.Plan(batch), cancellation);
        if (stored is null)
            yield break;
        var reader = PipeReader.Create(stored, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellation);
                var buffer = read.Buffer;
                while (Next(ref buffer, read.IsCompleted) is { } line)
                    yield return PlannedJob.Parse(line);
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static ReadOnlyMemory<byte>? Next(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        while (!buffer.IsEmpty)
        {
            var end = buffer.PositionOf((byte)'\n');
            if (end is null && !isLast)
                return null;
            var line = end is { } at ? buffer.Slice(0, at) : buffer;
            buffer = end is { } after ? buffer.Slice(buffer.GetPosition(1, after)) : buffer.Slice(buffer.End);
            if (!line.IsEmpty)
                return line.IsSingleSegment ? line.First : line.ToArray();
        }

        return null;
    }
}
