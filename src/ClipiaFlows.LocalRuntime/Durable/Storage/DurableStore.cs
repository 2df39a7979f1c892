using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>The state of one engine in one SQLite file: one writer, any number of readers beside it.</summary>
internal sealed class DurableStore : IDisposable
{
    // Seconds that a statement waits for another program's lock.
    private const int LockPatience = 10;

    private readonly string _path;
    private readonly StateLock _lock;
    private readonly SqliteConnection _writeConnection;
    private readonly WriteSession _writeSession;
    private readonly WriterThread _writer;
    private readonly ConcurrentBag<ReadSession> _readers = [];

    private DurableStore(string path, bool fullSync, TimeProvider time, Action<CommitPoint>? atCommit)
    {
        _path = Path.GetFullPath(path);
        StateFolder.Create(Path.GetDirectoryName(_path)!);
        _lock = new(_path);
        try
        {
            StateFolder.KeepPrivate(_path);
            _writeConnection = Open(SqliteOpenMode.ReadWriteCreate);
            Execute("PRAGMA journal_mode = WAL");
            Execute(fullSync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            Execute("PRAGMA journal_size_limit = 67108864");
            Schema.Today.Bring(_writeConnection, _path);
            _writeSession = new(_writeConnection, time);
            _writer = new(_writeConnection, _writeSession, exception => StoreTrouble.Explain(exception, _path), atCommit);
        }
        catch
        {
            _writeConnection?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <exception cref="DurableStoreException">Another process has it, it is damaged, changed by others, or too new.</exception>
    public static DurableStore Open(string path, bool fullSync, TimeProvider time, Action<CommitPoint>? atCommit = null)
    {
        try
        {
            return new(path, fullSync, time, atCommit);
        }
        catch (SqliteException exception) when (StoreTrouble.Explain(exception, path) is DurableStoreException explained)
        {
            throw explained;
        }
    }

    /// <summary>Done when it is committed. The change may run more than once.</summary>
    /// <exception cref="DurableStoreException">Nothing can be stored now; nothing was changed.</exception>
    public Task<T> WriteAsync<T>(Func<WriteSession, T> change) => _writer.WriteAsync(change);

    /// <exception cref="DurableStoreException">Nothing can be read now.</exception>
    public T Read<T>(Func<ReadSession, T> read)
    {
        ReadSession? session = null;
        try
        {
            if (!_readers.TryTake(out session)) session = new(Open(SqliteOpenMode.ReadOnly));
            return read(session);
        }
        catch (SqliteException exception) when (StoreTrouble.Explain(exception, _path) is DurableStoreException explained)
        {
            throw explained;
        }
        finally
        {
            if (session is not null) _readers.Add(session);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _writeSession.Dispose();
        foreach (var reader in _readers) reader.Dispose();

        // Last: the last connection to close folds the write-ahead log into the file.
        _writeConnection.Dispose();
        _lock.Dispose();
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = LockPatience,
        }.ToString());
        connection.Open();
        return connection;
    }

    private void Execute(string pragma)
    {
        using var command = _writeConnection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = pragma;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
