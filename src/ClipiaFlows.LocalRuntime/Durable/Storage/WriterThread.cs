using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>
/// The only one that writes. Takes what has queued up into one transaction and answers after its commit, so that many turns
/// share the price of one.
/// </summary>
internal sealed class WriterThread : IDisposable
{
    private const int MostPerCommit = 256;

    private readonly BlockingCollection<Job> _jobs = [];
    private readonly SqliteConnection _connection;
    private readonly WriteSession _session;
    private readonly Func<Exception, Exception> _explain;
    private readonly Action<CommitPoint>? _atCommit;
    private readonly Thread _thread;

    /// <param name="connection">The only one that writes.</param>
    /// <param name="session">What changes are made through.</param>
    /// <param name="explain">Makes what those who asked are told of an exception.</param>
    /// <param name="atCommit">Told of every commit.</param>
    public WriterThread(
        SqliteConnection connection, WriteSession session, Func<Exception, Exception> explain, Action<CommitPoint>? atCommit)
    {
        _connection = connection;
        _session = session;
        _explain = explain;
        _atCommit = atCommit;
        _thread = new(Work) { Name = "durable store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs the change in a transaction. It may run more than once: it must change nothing but the store.</summary>
    public Task<T> WriteAsync<T>(Func<WriteSession, T> change)
    {
        var job = new Job<T>(change);
        _jobs.Add(job);
        return job.Task;
    }

    /// <summary>Finishes what has been given, then ends.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        _jobs.Dispose();
    }

    private void Work()
    {
        var batch = new List<Job>(MostPerCommit);
        foreach (var first in _jobs.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            if (TryCommit(batch, takeMore: true)) continue;

            // One of them cannot be done. Alone, each of the others can.
            foreach (var job in batch) TryCommit([job], takeMore: false);
        }
    }

    private bool TryCommit(List<Job> batch, bool takeMore)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            batch[0].Apply(_session);
            while (takeMore && batch.Count < MostPerCommit && _jobs.TryTake(out var next))
            {
                batch.Add(next);
                next.Apply(_session);
            }

            _atCommit?.Invoke(CommitPoint.Before);
            Execute("COMMIT");
            _atCommit?.Invoke(CommitPoint.After);
        }
#pragma warning disable CA1031 // Whatever it is, the one who asked must hear of it, and the thread must go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RollBack();
            var isLocked = StoreTrouble.IsLock(exception);
            if (batch.Count > 1 && !isLocked) return false;

            // Each would wait for the lock as long again.
            while (isLocked && _jobs.TryTake(out var waiting)) batch.Add(waiting);
            var explained = _explain(exception);
            foreach (var job in batch) job.Fail(explained);
            return true;
        }

        foreach (var job in batch) job.Answer();
        return true;
    }

    private void RollBack()
    {
        // SQLite has rolled back by itself after some errors, such as a full disk.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) Execute("ROLLBACK");
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private abstract class Job
    {
        public abstract void Apply(WriteSession session);

        public abstract void Answer();

        public abstract void Fail(Exception exception);
    }

    private sealed class Job<T>(Func<WriteSession, T> change) : Job
    {
        private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _answer = default!;

        public Task<T> Task => _source.Task;

        public override void Apply(WriteSession session) => _answer = change(session);

        public override void Answer() => _source.TrySetResult(_answer);

        public override void Fail(Exception exception) => _source.TrySetException(exception);
    }
}
