using ClipiaFlows.Durable;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Production;

/// <summary>Lets an attempt that had ended as unresolved be settled by the delivery that came after all.</summary>
/// <remarks>
/// May be repeated. Rows say so before anybody is started: the batch stays awake for it and is looked after until it is
/// settled. A crash in between delays the settlement until the sender delivers again.
/// </remarks>
public sealed class LateDeliveries(Tables tables, AttemptStore attempts, TimeProvider time)
{
    /// <summary>Notes the request and runs the job's instance again.</summary>
    public async Task TakeAsync(AttemptRow attempt, string requestId, DurableTaskClient client, CancellationToken cancellation)
    {
        var id = attempt.PartitionKey;
        var batch = await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation);
        var tail = await tables.Jobs.FindAsync<TailRow>(id, RowKeys.Tail(attempt.N, attempt.Attempt), cancellation);
        var job = await tables.Jobs.FindAsync<JobRow>(id, RowKeys.Job(attempt.N), cancellation);
        // Until the end is settled its claim stands; the marker that would settle it is replaced, and the claim goes on.
        var claim = tail is null ? await tables.Jobs.FindAsync<ActiveRow>(id, RowKeys.Active(attempt.N), cancellation) : null;
        if (batch is null || job is null || (tail is null && claim?.Attempt != attempt.Attempt))
            return;

        if (!await NoteAsync(attempt, requestId, cancellation))
            return;
        // The entry is old from the start: should the batch be deleted at this moment, the watchdog waits for none to come.
        await tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(id, DateTimeOffset.UnixEpoch, calledAt: time.GetUtcNow())), cancellation);
        await BatchInstances.StartAsync(id, client, cancellation);
        await client.RaiseEventAsync(InstanceIds.ForBatch(id), Events.WakeUp, "", cancellation);
        var again = tail is not null ? JobInstances.JobOf(batch, tail, job) : JobInstances.JobOf(batch, claim!);
        await JobInstances.RunAgainAsync(again, client, cancellation);
    }

    /// <summary>A conflict may be with our own write, when its answer was lost, or with a retry that leaves the attempt for another.</summary>
    /// <returns><c>false</c> when the attempt is unresolved no longer.</returns>
    private async Task<bool> NoteAsync(AttemptRow attempt, string requestId, CancellationToken cancellation)
    {
        for (var current = attempt; current is { State: JobState.Unresolved };)
        {
            if (current.LateRequestId == requestId)
                return true;
            current.LateRequestId = requestId;
            if (await attempts.SaveAsync(current, MarkerRow.For(current, MarkerKind.Revived), cancellation))
                return true;
            current = await tables.Jobs.FindAsync<AttemptRow>(attempt.PartitionKey, attempt.RowKey, cancellation);
        }

        return false;
    }
}
