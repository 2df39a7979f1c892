using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>A stored plan, read line by line, so that no more than one job of it is held.</summary>
public sealed class PlanLines : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly Stream _stream;
    private readonly PlanLine _behind;

    private PlanLines(Stream stream, PlanLine behind)
    {
        _stream = stream;
        _behind = behind;
    }

    /// <summary>Opens it behind a job, or at its beginning; <c>null</c> when there is no plan.</summary>
    public static async Task<PlanLines?> OpenAsync(IStateBlobs blobs, string batch, PlanLine? behind, CancellationToken cancellation)
    {
        if (await blobs.OpenAsync(BlobNames.Plan(batch), cancellation) is not { } stream)
            return null;
        var last = behind ?? new PlanLine(-1, 0, -1);
        stream.Position = last.Offset + last.Length + 1;
        return new PlanLines(stream, last);
    }

    /// <summary>The jobs from there on, in order, and where each stands. Once only.</summary>
    public async IAsyncEnumerable<(PlannedJob Job, PlanLine Line)> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true));
        var line = _behind;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var text = read.Buffer;
            while (JsonLines.TryTake(ref text, read.IsCompleted, out var written))
            {
                line = new PlanLine(line.N + 1, line.Offset + line.Length + 1, (int)written.Length);
                yield return (PlannedJob.Parse(written.IsSingleSegment ? written.First : written.ToArray()), line);
            }

            if (read.IsCompleted)
                break;
            pipe.AdvanceTo(text.Start, text.End);
        }

        await pipe.CompleteAsync();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
