using Azure.Data.Tables;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// What Advance looks at: the batch's row, its claims, its tails, and what waits for a decision. One query reads it, and
/// every step that is committed is noted in it, so that the next step needs no reading. It is worth nothing any more after
/// a conflict.
/// </summary>
public sealed class BatchSnapshot
{
    // Of follow-ups there can be as many as jobs, and they come last.
    private const int MostFollowUps = 50;

    private readonly Dictionary<(int N, int Attempt), TailRow> _tails = [];

    private BatchSnapshot(BatchRow batch) => Batch = batch;

    /// <summary>The batch.</summary>
    public BatchRow Batch { get; }

    /// <summary>Its claims.</summary>
    public ActiveJobs Active { get; } = new();

    /// <summary>Attempts that it does not wait for any more.</summary>
    public IReadOnlyCollection<TailRow> Tails => _tails.Values;

    /// <summary>What RunJob has written and nobody has taken into account.</summary>
    public List<MarkerRow> Markers { get; } = [];

    /// <summary>Commands that are not decided, oldest first.</summary>
    public List<CommandRow> Commands { get; } = [];

    /// <summary>Jobs that ended and whose dependents are not told.</summary>
    public List<FollowUpRow> FollowUps { get; } = [];

    /// <summary>The beginning of the ready queue, when it is known.</summary>
    public ReadyList? Queue { get; internal set; }

    /// <summary>Whether storage may hold follow-ups that were not read.</summary>
    public bool MissesFollowUps { get; private set; }

    /// <summary>The attempt that the batch does not wait for any more, or <c>null</c>.</summary>
    public TailRow? FindTail(int n, int attempt) => _tails.GetValueOrDefault((n, attempt));

    /// <summary>Reads it; <c>null</c> when there is no such batch.</summary>
    public static async Task<BatchSnapshot?> ReadAsync(Tables tables, string batch, CancellationToken cancellation)
    {
        BatchSnapshot? snapshot = null;
        var before = new List<TableEntity>();
        await foreach (var row in tables.Jobs.RangeAsync<TableEntity>(batch, "A|", RowKeys.EndOf("F"), null, cancellation))
        {
            if (snapshot is not null)
                snapshot.Take(row);
            else if (row.RowKey == BatchRow.Key)
                snapshot = new BatchSnapshot(row.As<BatchRow>());
            else
                before.Add(row);
            if (snapshot?.FollowUps.Count == MostFollowUps)
            {
                snapshot.MissesFollowUps = true;
                break;
            }
        }

        if (snapshot is null)
            return null;
        foreach (var row in before)
            snapshot.Take(row);
        snapshot.Batch.StateAsRead = snapshot.Batch.State;
        return snapshot;
    }

    /// <summary>Takes over what was committed.</summary>
    internal void Note(RowChanges changes)
    {
        Batch.StateAsRead = Batch.State;
        foreach (var action in changes.Actions)
        {
            if (action.ActionType is TableTransactionActionType.Delete)
                Remove(action.Entity);
            else
                Set(action.Entity);
        }

        Queue?.Renew(Batch.ETag);
    }

    private void Take(TableEntity row)
    {
        switch (row.RowKey[0])
        {
            case 'A': Active.Set(row.As<ActiveRow>()); break;
            case 'B': Set(row.As<TailRow>()); break;
            case 'D': Markers.Add(row.As<MarkerRow>()); break;
            case 'E': Commands.Add(row.As<CommandRow>()); break;
            case 'F': FollowUps.Add(row.As<FollowUpRow>()); break;
        }
    }

    private void Set(ITableEntity row)
    {
        switch (row)
        {
            case ActiveRow active: Active.Set(active); break;
            case TailRow tail: _tails[(tail.N, tail.Attempt)] = tail; break;
            case FollowUpRow followUp when FollowUps.All(known => known.N != followUp.N): FollowUps.Add(followUp); break;
            case ReadyRow ready: Queue?.Insert(ready); break;
        }
    }

    private void Remove(ITableEntity row)
    {
        switch (row)
        {
            case ActiveRow active: Active.Remove(active); break;
            case TailRow tail: _tails.Remove((tail.N, tail.Attempt)); break;
            case MarkerRow marker: Markers.Remove(marker); break;
            case CommandRow command: Commands.Remove(command); break;
            case FollowUpRow followUp: FollowUps.Remove(followUp); break;
            case ReadyRow ready: Queue?.Remove(ready); break;
        }
    }
}
