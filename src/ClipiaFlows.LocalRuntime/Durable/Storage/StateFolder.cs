namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Creates what holds the state of the app for its own user only: histories hold addresses with tokens in them.</summary>
internal static class StateFolder
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates the folder; an existing one stays as it is.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerReadsAndWrites | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Creates the database where there is none, and takes the permissions of others from one that an earlier version made. SQLite
    /// gives new files of its own the permissions of this one.
    /// </summary>
    public static void KeepPrivate(string database)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            using (new FileStream(database, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = OwnerReadsAndWrites,
            }))
            {
            }

            foreach (var file in new[] { database, database + "-wal", database + "-shm" }.Where(File.Exists))
                File.SetUnixFileMode(file, OwnerReadsAndWrites);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // SQLite meets the same and says what it is, or the file belongs to somebody who keeps it as they like.
        }
    }
}
