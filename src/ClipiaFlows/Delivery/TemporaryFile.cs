namespace ClipiaFlows.Delivery;

/// <summary>
/// A file that is gone when it is closed. A receipt is written here first, so that its length needs no memory and a blob is
/// replaced by a whole one or not at all.
/// </summary>
internal static class TemporaryFile
{
    private const int BufferSize = 64 * 1024;

    public static FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = BufferSize,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        // It holds prompts, and the folder is everybody's.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(Path.Combine(Path.GetTempPath(), $"clipiaflows-{Guid.NewGuid():N}"), options);
    }
}
