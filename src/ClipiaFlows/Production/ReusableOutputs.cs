using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Media;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Outputs of jobs that succeeded, found again by what makes another job equal: model, input by content, replica.</summary>
public sealed class ReusableOutputs(Tables tables, IOutputStore outputs, TimeProvider time)
{
    /// <summary>An earlier job whose files are all still stored; <c>null</c> when there is none in the scope.</summary>
    public async Task<ReuseRow?> FindAsync(ReuseScope scope, string batch, string reuseKey, CancellationToken cancellation)
    {
        if (scope is ReuseScope.Never)
            return null;
        var partition = ReuseRow.Partition(scope is ReuseScope.Batch ? batch : null, reuseKey);
        if (await tables.Batches.FindAsync<ReuseRow>(partition, reuseKey, cancellation) is not { } known)
            return null;
        foreach (var file in JsonSerializer.Deserialize<List<StoredOutput>>(known.FilesJson)!)
        {
            if (!await outputs.HasAsync(known.Batch, file.Path, file.Sha256, cancellation))
                return null;
        }

        return known;
    }

    /// <summary>Remembers what a job has made. May be repeated.</summary>
    public async Task RememberAsync(ReuseScope scope, AttemptRow attempt, CancellationToken cancellation)
    {
        if (attempt.ReuseKey is not { } key)
            return;
        await PutAsync(null, key, attempt, cancellation);
        if (scope is ReuseScope.Batch)
            await PutAsync(attempt.PartitionKey, key, attempt, cancellation);
    }

    private Task<bool> PutAsync(string? batch, string key, AttemptRow attempt, CancellationToken cancellation) => tables.Batches.CommitAsync(
        RowChanges.Putting(new ReuseRow
        {
            PartitionKey = ReuseRow.Partition(batch, key),
            RowKey = key,
            Batch = attempt.PartitionKey,
            JobId = attempt.JobId,
            Attempt = attempt.Attempt,
            OutputJson = attempt.OutputJson!,
            FilesJson = attempt.FilesJson!,
            At = time.GetUtcNow(),
        }),
        cancellation);
}
