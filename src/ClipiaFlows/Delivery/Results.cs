using System.Runtime.CompilerServices;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Delivery;

/// <summary>The results of a batch: every job that has ended, in the plan's order. Rows and plan are read as they are written out.</summary>
public sealed class Results(JobQueries jobs, IStateBlobs blobs, OutputLinks links)
{
    /// <summary>Reads them; a batch that runs has some already.</summary>
    public async IAsyncEnumerable<ResultLine> ReadAsync(string batch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stored = await PlanLines.OpenAsync(blobs, batch, behind: null, cancellation);
        if (stored is null)
            yield break;
        await using var plan = stored.ReadAsync(cancellation).GetAsyncEnumerator(cancellation);
        await foreach (var job in jobs.AllAsync(batch, 0, cancellation))
        {
            if (job.State is not (JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Skipped or JobState.Unresolved))
                continue;
            yield return ResultLine.Of(links.Of(batch, job), await FindAsync(plan, job.N)
                ?? throw new InvalidDataException($"Job {job.N} of batch {batch} is not in its plan."));
        }
    }

    /// <summary>Writes them as JSON Lines in UTF-8.</summary>
    public async Task WriteJsonLinesAsync(string batch, Stream to, CancellationToken cancellation)
    {
        await foreach (var line in ReadAsync(batch, cancellation))
            await ResultJson.WriteLineAsync(to, line, cancellation);
    }

    /// <summary>Writes them as CSV in UTF-8, one row per stored file and one for a job without any.</summary>
    public async Task WriteCsvAsync(string batch, Stream to, CancellationToken cancellation)
    {
        await using var table = await ResultCsv.StartAsync(to, cancellation);
        await foreach (var line in ReadAsync(batch, cancellation))
            await ResultCsv.WriteAsync(table, line, cancellation);
    }

    private static async Task<PlannedJob?> FindAsync(IAsyncEnumerator<(PlannedJob Job, PlanLine Line)> plan, int n)
    {
        while (await plan.MoveNextAsync())
        {
            if (plan.Current.Job.N == n)
                return plan.Current.Job;
        }

        return null;
    }
}
