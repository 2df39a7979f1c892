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
    // Six changes a marker at most, the batch row and its event: a transaction takes 100.
    private const int MostMarkers = 15;

    /// <summary>Settles up to 15 markers in one transaction.</summary>
    public async Task<StepResult> TryAsync(BatchRow batch, ActiveJobs active, CancellationToken cancellation)
    {
        var markers = new List<MarkerRow>();
        await foreach (var marker in tables.Jobs.RangeAsync<MarkerRow>(
            batch.PartitionKey, "D|", RowKeys.EndOf("D"), MostMarkers, cancellation))
            markers.Add(marker);
        if (markers.Count == 0)
            return StepResult.Nothing;

        var settlements = await Task.WhenAll(markers.Select(marker => ReadAsync(batch, active, marker, cancellation)));
        var changes = new RowChanges();
        foreach (var settlement in settlements)
        {
            changes.Delete(settlement.Marker);
            settlement.Apply(changes);
        }

        batch.IsReceiptDue |= batch.State.IsTerminal();
        if (await commit.SaveAsync(batch, changes, cancellation) is StepResult.Conflict)
            return StepResult.Conflict;
        foreach (var marker in markers.Where(marker => marker.Kind is MarkerKind.Done or MarkerKind.Returned))
        {
            instances.Forget(batch.PartitionKey, marker.N, marker.Attempt);
            FlowsTelemetry.JobEnded(marker.State, marker.Code, CreditColumn.Read(marker.ChargedCredits));
        }

        return StepResult.Done;
    }

    private async Task<Settlement> ReadAsync(BatchRow batch, ActiveJobs active, MarkerRow marker, CancellationToken cancellation)
    {
        var claim = active.Find(marker.N, marker.Attempt);
        var tail = claim is null
            ? await tables.Jobs.FindAsync<TailRow>(batch.PartitionKey, RowKeys.Tail(marker.N, marker.Attempt), cancellation)
            : null;
        var needsJob = marker.Kind is MarkerKind.Done or MarkerKind.Overdue or MarkerKind.Returned && (claim is not null || tail is not null);
        var job = needsJob
            ? await tables.Jobs.FindAsync<JobRow>(batch.PartitionKey, RowKeys.Job(marker.N), cancellation)
            : null;
        return new Settlement(batch, marker, claim, tail, job, commit, time.GetUtcNow());
    }
}
