namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Keeps a second process off the same state for as long as this one lives; the system frees it after a crash.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="DurableStoreException">Another process has it.</exception>
    public StateLock(string databasePath)
    {
        try
        {
            _file = new(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DurableStoreException(
                $"The state in '{databasePath}' is in use by another process. Stop it, or use another data directory.",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
