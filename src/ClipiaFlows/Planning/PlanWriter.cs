using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClipiaFlows.Planning;

/// <summary>Where a job's line stands in the plan file, the line break not counted.</summary>
/// <param name="N">Number of the job.</param>
/// <param name="Offset">Bytes before the line.</param>
/// <param name="Length">Bytes of the line.</param>
public readonly record struct PlanLine(int N, long Offset, int Length);

/// <summary>Writes a plan as JSON Lines.</summary>
public static class PlanWriter
{
    private const int FlushAt = 128 * 1024;

    /// <summary>
    /// Writes every job, in order, as one line that <see cref="PlannedJob.Parse"/> reads back. The same plan gives the
    /// same bytes, so writing again is harmless. Offsets count from the stream's position at the start.
    /// </summary>
    /// <returns>One entry per job, in order.</returns>
    public static async Task<IReadOnlyList<PlanLine>> WriteAsync(
        Stream stream, Plan plan, CancellationToken cancellation = default)
    {
        var lines = new List<PlanLine>(plan.Jobs.Count);
        var buffer = new ArrayBufferWriter<byte>(2 * FlushAt);
        using var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var flushed = 0L;
        foreach (var job in plan.Jobs)
        {
            var start = buffer.WrittenCount;
            job.WriteTo(writer);
            writer.Flush();
            lines.Add(new(job.N, flushed + start, buffer.WrittenCount - start));
            writer.Reset();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < FlushAt)
                continue;

            await stream.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
            flushed += buffer.WrittenCount;
            buffer.ResetWrittenCount();
        }

        await stream.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
        return lines;
    }
}
