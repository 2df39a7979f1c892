using ClipiaFlows.Observability;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// Takes markers into account: each is deleted in the transaction that counts it, so that a job ends exactly once. A marker
/// of an attempt that is neither active nor a tail was written by an overlapping run; it is deleted and changes nothing.
/// </summary>
public sealed class SettleEnded(Tables tables, BatchCommit commit, JobInstances instances, TimeProvider time)
{
    // Six changes a marker at most, the batch row and its event: a transaction takes 100, and each row once, so that of two
    // attempts of a job the second waits.
    private const int MostMarkers = 15;

    /// <summary>Puts what up to 15 markers change into a transaction, which the caller commits.</summary>
    /// <returns>What each marker changes.</returns>
    internal async Task<IReadOnlyList<Settlement>> CollectAsync(BatchSnapshot snapshot, RowChanges changes, CancellationToken cancellation)
    {
        var markers = snapshot.Markers.DistinctBy(marker => marker.N).Take(MostMarkers).ToList();
        if (markers.Count == 0)
            return [];
        var settlements = await Task.WhenAll(markers.Select(marker => ReadAsync(snapshot, marker, cancellation)));
        foreach (var settlement in settlements)
        {
            changes.Delete(settlement.Marker);
            settlement.Apply(changes);
        }

        snapshot.Batch.IsReceiptDue |= snapshot.Batch.State.IsTerminal();
        return settlements;
    }

    /// <summary>The transaction was committed.</summary>
    internal void Tell(BatchRow batch, IReadOnlyList<Settlement> settled)
    {
        foreach (var settlement in settled)
        {
            if (settlement.Marker is { Kind: MarkerKind.Done or MarkerKind.Returned } marker)
                instances.Forget(batch.PartitionKey, marker.N, marker.Attempt);
            if (settlement.Outcome is var (state, charged))
                FlowsTelemetry.JobEnded(state, settlement.Marker.Code, charged);
        }
    }

    private async Task<Settlement> ReadAsync(BatchSnapshot snapshot, MarkerRow marker, CancellationToken cancellation)
    {
        var batch = snapshot.Batch;
        var claim = snapshot.Active.Find(marker.N, marker.Attempt);
        var tail = claim is null ? snapshot.FindTail(marker.N, marker.Attempt) : null;
        var needsJob = marker.Kind is MarkerKind.Done or MarkerKind.Overdue or MarkerKind.Returned or MarkerKind.Repriced && (claim is not null || tail is not null)
            || Settlement.IsRepriced(marker, claim);
        var job = needsJob
            ? await tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(marker.N), cancellation)
            : null;
        return new Settlement(batch, marker, claim, tail, job, commit, time.GetUtcNow());
    }
}
