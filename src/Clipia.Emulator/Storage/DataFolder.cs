namespace Clipia.Emulator;

/// <summary>The folder of one emulator, locked while it runs. A temporary one is removed at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _temporary;
    private readonly FileStream _lock;

    private DataFolder(string path, bool temporary, FileStream heldLock) => (_path, _temporary, _lock) = (path, temporary, heldLock);

    public string DatabaseFile => Path.Combine(_path, "emulator.db");
    public string MediaFolder => Path.Combine(_path, "media");

    public static DataFolder Open(string? path)
    {
        var full = path is null ? Directory.CreateTempSubdirectory("clipia-emulator-").FullName : CreateFor(path);
        try
        {
            var heldLock = new FileStream(Path.Combine(full, "emulator.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(full, path is null, heldLock);
        }
        catch (IOException failure)
        {
            throw new IOException($"The folder {full} is in use by another emulator.", failure);
        }
    }

    /// <summary>Keys and prompts lie in it, so an emulator makes it for its own user only.</summary>
    private static string CreateFor(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path).FullName
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    public void Dispose()
    {
        _lock.Dispose();
        if (_temporary)
            Directory.Delete(_path, recursive: true);
    }
}
