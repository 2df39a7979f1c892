namespace ClipiaFlows.Delivery;

/// <summary>
/// A file that is gone when it is closed. A receipt is written here first, so that its length needs no memory and a blob is
/// replaced by a whole one or not at all.
/// </summary>
internal static class TemporaryFile
{
    private const int BufferSize = 64 * 1024;

    public static FileStream Create() => new(
        Path.Combine(Path.GetTempPath(), $"clipiaflows-{Guid.NewGuid():N}"),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
}
