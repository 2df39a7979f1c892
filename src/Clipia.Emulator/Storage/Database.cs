using Microsoft.Data.Sqlite;

namespace Clipia.Emulator;

/// <summary>Opens the database file and brings its schema to this version.</summary>
internal static class Database
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE accounts (id TEXT PRIMARY KEY, granted INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, test INTEGER NOT NULL, prefix TEXT NOT NULL,
            hash TEXT NOT NULL, scopes TEXT NOT NULL, rpm INTEGER NOT NULL, concurrency INTEGER NOT NULL,
            created_at INTEGER NOT NULL, revoked_at INTEGER) WITHOUT ROWID;
        CREATE TABLE generations (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL, key_id TEXT NOT NULL, model TEXT NOT NULL, input TEXT NOT NULL,
            webhook_url TEXT, cost INTEGER NOT NULL, origin TEXT NOT NULL, idempotency_key TEXT, fingerprint TEXT,
            created_at INTEGER NOT NULL, starts_at INTEGER NOT NULL, finishes_at INTEGER NOT NULL,
            outcome TEXT NOT NULL, error_code TEXT, error_message TEXT, settled INTEGER NOT NULL);
        CREATE TABLE deliveries (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, generation INTEGER NOT NULL, next_at INTEGER);
        CREATE TABLE attempts (
            delivery INTEGER NOT NULL, attempt INTEGER NOT NULL, sent_at INTEGER NOT NULL, status INTEGER, error TEXT);
        """;

    public static SqliteConnection Open(string file)
    {
        KeepPrivate(file);
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        // WAL with NORMAL loses nothing when the process is killed, only when the machine loses power.
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");

        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        switch ((long)command.ExecuteScalar()!)
        {
            case 0:
                Run(connection, $"BEGIN; {Schema} PRAGMA user_version = {Version}; COMMIT;");
                break;
            case not Version:
                connection.Dispose();
                throw new InvalidDataException($"{file} was written by another version of the emulator. Use another folder or remove it.");
        }
        return connection;
    }

    /// <summary>Its user only may read it. SQLite gives its other files the permissions of this one.</summary>
    private static void KeepPrivate(string file)
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var database = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = owner,
            });
            File.SetUnixFileMode(database.SafeFileHandle, owner);
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"{file} belongs to another user. Choose another data folder.");
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
