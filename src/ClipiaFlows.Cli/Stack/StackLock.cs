namespace ClipiaFlows.Cli.Stack;

/// <summary>A file that one process at a time holds. The system lets go of it when the holder is killed.</summary>
internal static class StackLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The held file, or <c>null</c> when another holder has it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return PrivateFolder.OpenFile(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.GetType() == typeof(IOException))
        {
            return null;
        }
    }

    /// <summary>Waits for the other holder, at most <paramref name="limit"/>; <c>null</c> when that was not enough.</summary>
    public static async Task<FileStream?> TakeAsync(string path, TimeSpan limit, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < limit; waited += Pause)
        {
            if (TryTake(path) is { } taken)
                return taken;
            await Task.Delay(Pause, cancellation);
        }

        return null;
    }
}
