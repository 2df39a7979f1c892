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

    /// <summary>Creates the database where there is none. SQLite gives its other files the permissions of this one.</summary>
    public static void KeepPrivate(string database)
    {
        if (OperatingSystem.IsWindows() || File.Exists(database))
            return;
        try
        {
            using var file = new FileStream(database, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = OwnerReadsAndWrites,
            });
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // SQLite meets the same and says what it is.
        }
    }
}
