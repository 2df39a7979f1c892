using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Notifications;

/// <summary>
/// Writes down that a batch or a job changed its state, for <see cref="SendEvents"/> to tell others. Each call adds one row
/// to the changes of the caller's transaction, and nothing when nobody wants to be told; the caller writes the batch row in
/// the same transaction, which makes event and change one.
/// </summary>
public sealed class Outbox(IOptions<NotificationOptions> options, TimeProvider time)
{
    /// <summary>Whether somebody is to be told of that batch.</summary>
    public bool IsWantedFor(BatchRow batch) => batch.NotifyJson.Length > 0 || options.Value.TellsOfEveryBatch;

    /// <summary>The job has changed to the state that its row now has.</summary>
    /// <param name="batch">The batch; its count of events grows.</param>
    /// <param name="changes">The transaction, which must also write <paramref name="batch"/>.</param>
    /// <param name="job">The job as it now is.</param>
    /// <param name="charged">Credits charged for the attempt, when it has ended.</param>
    public void Add(BatchRow batch, RowChanges changes, JobRow job, decimal? charged = null)
    {
        if (!IsWantedFor(batch))
            return;
        var row = Next(batch);
        row.JobState = job.State;
        row.N = job.N;
        row.JobId = job.Id;
        row.Attempt = job.Attempt;
        row.Code = job.Code;
        row.Message = job.Message;
        row.ChargedCredits = charged is { } credits ? CreditColumn.Write(credits) : null;
        changes.Add(row);
    }

    /// <summary>A claimed job has changed to a state that only its claim tells.</summary>
    /// <param name="batch">The batch; its count of events grows.</param>
    /// <param name="changes">The transaction, which must also write <paramref name="batch"/>.</param>
    /// <param name="n">The job's number; its id is read when the event is sent.</param>
    /// <param name="attempt">The attempt that is under way.</param>
    /// <param name="state">The state it has now.</param>
    public void Add(BatchRow batch, RowChanges changes, int n, int attempt, Production.JobState state)
    {
        if (!IsWantedFor(batch))
            return;
        var row = Next(batch);
        (row.N, row.Attempt, row.JobState) = (n, attempt, state);
        changes.Add(row);
    }

    /// <summary>The batch has changed to the state that its row now has.</summary>
    /// <param name="batch">The batch as it now is; its count of events grows.</param>
    /// <param name="changes">The transaction, which must also write <paramref name="batch"/>.</param>
    public void AddBatch(BatchRow batch, RowChanges changes)
    {
        if (!IsWantedFor(batch))
            return;
        var row = Next(batch);
        row.BatchState = batch.State;
        row.Code = batch.ReasonCode;
        row.Message = batch.Reason;
        changes.Add(row);
    }

    private OutboxRow Next(BatchRow batch)
    {
        var sequence = ++batch.Events;
        return new OutboxRow
        {
            PartitionKey = batch.PartitionKey,
            RowKey = RowKeys.Outbox(sequence),
            Sequence = sequence,
            Seed = batch.Seed,
            At = time.GetUtcNow(),
        };
    }
}
