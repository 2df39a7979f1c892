using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>Keeps the entries for listing under the states of their batches, so that a list of one state reads no others.</summary>
/// <remarks>
/// An entry is written before the batch's row. A crash in between leaves it with the state that the repeated step writes into
/// the row; who loses the row to another run writes the entry again, as the row then is. Lists read the rows of what they
/// show, so that no entry shows a batch in a wrong state.
/// </remarks>
internal static class BatchListing
{
    /// <summary>Writes the entry of a batch whose state is about to be committed, when it is listed under another.</summary>
    /// <returns>Whether it was written: then <see cref="RepairAsync"/> follows when the commit fails.</returns>
    public static async Task<bool> WriteAsync(Tables tables, BatchRow batch, CancellationToken cancellation)
    {
        var state = BatchIndexRow.ListedAs(batch.State);
        if (batch.ListedAs == state)
            return false;
        await MergeAsync(tables, batch, state, cancellation);
        batch.ListedAs = state;
        return true;
    }

    /// <summary>Writes the entry as the row says, until the row has not changed meanwhile.</summary>
    public static async Task RepairAsync(Tables tables, string batch, CancellationToken cancellation)
    {
        string? written = null;
        while (await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is { } row
            && BatchIndexRow.ListedAs(row.State) is var state && state != written)
        {
            await MergeAsync(tables, row, state, cancellation);
            written = state;
        }
    }

    /// <summary>An entry that is gone stays so: its batch was deleted.</summary>
    private static Task<bool> MergeAsync(Tables tables, BatchRow batch, string state, CancellationToken cancellation)
    {
        var entry = BatchIndexRow.ForListing(batch.PartitionKey, batch.CreatedAt);
        var changes = new RowChanges();
        changes.Merge(entry.PartitionKey, entry.RowKey, (nameof(BatchIndexRow.State), state));
        return tables.Batches.CommitAsync(changes, cancellation);
    }
}
