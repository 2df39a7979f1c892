using System.Diagnostics;
using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Notifications;

/// <summary>Sends the next events of a batch to everybody who is to be told, each in the order of the outbox.</summary>
/// <remarks>
/// May run more than once and beside itself: an event is sent at least once, under the same id. A row says for each target how
/// far it is; a row of the outbox goes when all have it. A target that does not take an event keeps its later ones waiting
/// and nobody else's. After seven days an event is given up for that target. Throws only for accidents of storage.
/// </remarks>
public sealed partial class SendEvents(
    Tables tables, EventTargets targets, EventWriter writer, TimeProvider time, ILogger<SendEvents> log)
{
    /// <summary>The durable name.</summary>
    public const string Name = "send-events";

    /// <summary>The typed name.</summary>
    public static readonly Activity<BatchRef, TellStep> Definition = new(Name);

    /// <summary>How long an event is tried.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(7);

    private const int MostEvents = 32;
    private const int MostDeletions = 100;
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(15);

    /// <summary>Sends what is due and answers when to go on.</summary>
    public async Task<TellStep> RunAsync(BatchRef input, CancellationToken cancellation)
    {
        if (await tables.Jobs.FindAsync<BatchRow>(input.Batch, BatchRow.Key, cancellation) is not { } batch)
            return TellStep.Idle;

        var told = await Task.WhenAll(targets.Of(batch).Select(target => TellAsync(batch, target, cancellation)));
        // Nobody is told any more, so nobody misses what is left.
        var everybodyHas = told.Length == 0 ? batch.Events : told.Min(one => one.Sequence);
        var more = await DeleteAsync(batch, everybodyHas, cancellation);

        var now = time.GetUtcNow();
        var behind = told.Where(one => one.Sequence < batch.Events).ToList();
        if (more || behind.Exists(one => one.NextTryAt is not { } at || at <= now))
            return TellStep.More;
        return behind.Count == 0 ? TellStep.Idle : TellStep.WaitUntil(behind.Min(one => one.NextTryAt!.Value));
    }

    private async Task<TargetRow> TellAsync(BatchRow batch, IEventTarget target, CancellationToken cancellation)
    {
        var row = await FindAsync(batch, target.Name, cancellation);
        if (row.Sequence >= batch.Events || row.NextTryAt > time.GetUtcNow())
            return row;

        var before = row.Sequence;
        var started = Stopwatch.GetTimestamp();
        await foreach (var next in tables.Jobs.RangeAsync<OutboxRow>(
            batch.PartitionKey, RowKeys.Outbox(row.Sequence + 1), RowKeys.EndOf("O"), MostEvents, cancellation))
        {
            if (!batch.Owns(next.Seed))
                return row;
            if (!await TellAsync(batch, target, row, next, cancellation) || Stopwatch.GetElapsedTime(started) > LongestRound)
                break;
        }

        // Without a row there is nothing left of the events up to the batch's count.
        if (row.Sequence == before && row.NextTryAt is null)
            row.Sequence = batch.Events;
        await SaveAsync(row, cancellation);
        return row;
    }

    /// <summary>Sends one event, or gives it up; <c>false</c> when it must be tried again later.</summary>
    private async Task<bool> TellAsync(
        BatchRow batch, IEventTarget target, TargetRow row, OutboxRow next, CancellationToken cancellation)
    {
        // Who has just refused one is not asked about each of the following.
        var refusal = row.IsGone || (row.Tries > 0 && row.NextTryAt is null)
            ? new Refusal(row.Trouble ?? "")
            : await target.SendAsync(await writer.WriteAsync(batch, next, cancellation), cancellation);
        row.IsGone |= refusal is { ForGood: true };
        row.NextTryAt = null;
        if (refusal is null)
        {
            (row.Sequence, row.Tries, row.Trouble) = (next.Sequence, 0, null);
            return true;
        }

        row.Trouble = StoredText.Cut(refusal.Reason);
        var now = time.GetUtcNow();
        if (!row.IsGone && now - next.At < GivenUpAfter)
        {
            row.NextTryAt = now + Patience.After(++row.Tries, refusal.RetryAfter);
            LogLater(batch.PartitionKey, next.Sequence, target.Name, refusal.Reason, row.NextTryAt.Value);
            return false;
        }

        row.Tries++;
        row.GivenUp++;
        row.Sequence = next.Sequence;
        LogGivenUp(batch.PartitionKey, next.Sequence, target.Name, refusal.Reason);
        return true;
    }

    /// <summary>How far the target is. A row that a deleted batch of the same id left behind says nothing of this one.</summary>
    private async Task<TargetRow> FindAsync(BatchRow batch, string target, CancellationToken cancellation)
    {
        var row = new TargetRow { PartitionKey = batch.PartitionKey, RowKey = RowKeys.Target(target), Seed = batch.Seed };
        if (await tables.Jobs.FindAsync<TargetRow>(row.PartitionKey, row.RowKey, cancellation) is not { } known)
            return row;
        if (known.Seed == batch.Seed)
            return known;
        row.ETag = known.ETag;
        return row;
    }

    /// <summary>An overlapping run that was faster has sent the same events; its row stands, and the next run reads it.</summary>
    private async Task SaveAsync(TargetRow row, CancellationToken cancellation)
    {
        var changes = new RowChanges();
        if (row.ETag == default)
            changes.Add(row);
        else
            changes.Replace(row);
        await tables.Jobs.CommitAsync(changes, cancellation);
    }

    /// <summary>Deletes events up to that number; <c>true</c> when there are more of them. Those of another batch of the id stay.</summary>
    private async Task<bool> DeleteAsync(BatchRow batch, long sequence, CancellationToken cancellation)
    {
        var changes = new RowChanges();
        await foreach (var row in tables.Jobs.RangeAsync<OutboxRow>(
            batch.PartitionKey, RowKeys.Outbox(0), RowKeys.Outbox(sequence + 1), MostDeletions, cancellation, [nameof(OutboxRow.Seed)]))
        {
            if (batch.Owns(row.Seed))
                changes.Delete(row);
        }

        if (changes.Count > 0)
            await tables.Jobs.CommitAsync(changes, cancellation);
        return changes.Count == MostDeletions;
    }

    [LoggerMessage(1, LogLevel.Warning, "Event {Batch}-{Sequence} could not be told to {Target}: {Reason} It is tried again at {At}.")]
    private partial void LogLater(string batch, long sequence, string target, string reason, DateTimeOffset at);

    [LoggerMessage(2, LogLevel.Error, "Event {Batch}-{Sequence} was given up for {Target}: {Reason}")]
    private partial void LogGivenUp(string batch, long sequence, string target, string reason);
}
