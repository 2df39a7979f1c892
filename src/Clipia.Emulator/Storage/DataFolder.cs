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
        var full = path is null ? Directory.CreateTempSubdirectory("clipia-emulator-").FullName : Directory.CreateDirectory(path).FullName;
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

    public void Dispose()
    {
        _lock.Dispose();
        if (_temporary)
            Directory.Delete(_path, recursive: true);
    }
}
