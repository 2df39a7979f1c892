using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Clipia.Emulator;

/// <summary>The one writer of the database. Whatever waits when a transaction begins shares its commit.</summary>
internal sealed class Journal : IAsyncDisposable
{
    private const int LargestBatch = 1024;

    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new() { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly ILogger _log;
    private readonly Task _writing;

    public Journal(SqliteConnection connection, ILogger log)
    {
        _connection = connection;
        _log = log;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Queues a change; the task ends when it is committed. Changes are applied in the order of the calls.</summary>
    public Task Append(Action<Tables> change)
    {
        var entry = new Entry(change, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_entries.Writer.TryWrite(entry))
            entry.Committed.SetException(new InvalidOperationException("The emulator's database is closed."));
        return entry.Committed.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _writing;
        await _connection.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        using var tables = new Tables(_connection);
        using var begin = new Statement(_connection, "BEGIN IMMEDIATE");
        using var commit = new Statement(_connection, "COMMIT");
        var batch = new List<Entry>();
        try
        {
            while (await _entries.Reader.WaitToReadAsync())
            {
                batch.Clear();
                begin.Run();
                while (batch.Count < LargestBatch && _entries.Reader.TryRead(out var entry))
                {
                    batch.Add(entry);
                    entry.Change(tables);
                }
                commit.Run();
                foreach (var entry in batch)
                    entry.Committed.SetResult();
            }
        }
        catch (Exception failure)
        {
            // What is in memory may now be ahead of the disk, so nothing more is accepted until a restart.
            _log.LogCritical(failure, "The emulator's database cannot be written. Restart the emulator.");
            _entries.Writer.TryComplete();
            Fail(batch, failure);
            while (_entries.Reader.TryRead(out var entry))
                entry.Committed.TrySetException(failure);
        }
    }

    private static void Fail(List<Entry> batch, Exception failure)
    {
        foreach (var entry in batch)
            entry.Committed.TrySetException(failure);
    }

    private sealed record Entry(Action<Tables> Change, TaskCompletionSource Committed);
}
