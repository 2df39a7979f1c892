using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClipiaFlows.Production;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Delivery;

/// <summary>The results of a batch: every job that has ended, in the plan's order.</summary>
public sealed class Results(JobQueries jobs, IStateBlobs blobs)
{
    /// <summary>Reads them; a batch that runs has some already.</summary>
    public async IAsyncEnumerable<ResultLine> ReadAsync(string batch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await StoredPlan.ReadAsync(blobs, batch, cancellation) is not { } plan)
            yield break;
        await foreach (var job in jobs.AllAsync(batch, 0, cancellation))
        {
            if (job.State is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Skipped or JobState.Unresolved)
                yield return ResultLine.Of(job, plan.Jobs[job.N]);
        }
    }

    /// <summary>Writes them as JSON Lines in UTF-8.</summary>
    public async Task WriteJsonLinesAsync(string batch, Stream to, CancellationToken cancellation)
    {
        await foreach (var line in ReadAsync(batch, cancellation))
        {
            await JsonSerializer.SerializeAsync(to, Flatten(line), ResultJson.Options, cancellation);
            await to.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }

    /// <summary>Writes them as CSV in UTF-8, one row per stored file and one for a job without any.</summary>
    public async Task WriteCsvAsync(string batch, Stream to, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(to, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(ResultCsv.Header.AsMemory(), cancellation);
        await foreach (var line in ReadAsync(batch, cancellation))
        {
            foreach (var row in ResultCsv.RowsOf(line))
                await writer.WriteLineAsync(row.AsMemory(), cancellation);
        }
    }

    private static JsonObject Flatten(ResultLine line)
    {
        var flat = JsonSerializer.SerializeToNode(line.Job, ResultJson.Options)!.AsObject();
        flat["prompt"] = line.Prompt;
        flat["variables"] = JsonSerializer.SerializeToNode(line.Variables, ResultJson.Options);
        return flat;
    }
}
