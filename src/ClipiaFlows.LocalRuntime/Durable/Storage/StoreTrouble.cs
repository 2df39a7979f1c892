using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Says in words for users what keeps the state from being read or written.</summary>
internal static class StoreTrouble
{
    // SQLite's result codes.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    public static bool IsLock(Exception exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <summary>The same in our words, or the exception itself when it is no trouble of the file.</summary>
    public static Exception Explain(Exception exception, string path) => (exception as SqliteException)?.SqliteErrorCode switch
    {
        Full => Refused(path, "the disk is full", exception),
        Busy or Locked => Refused(path, "another program holds a lock on it", exception),
        ReadOnly => Refused(path, "it is read-only", exception),
        InputOutput => Refused(path, "the disk answers with an error", exception),
        Corrupt or NotADatabase => new DurableStoreException(
            $"The state in '{path}' is damaged and cannot be read. Move the file away to start with an empty state.", exception),
        _ => exception,
    };

    private static DurableStoreException Refused(string path, string reason, Exception cause) => new(
        $"The state in '{path}' cannot be used: {reason}. What was accepted is not lost; work goes on when this is over.", cause);
}
