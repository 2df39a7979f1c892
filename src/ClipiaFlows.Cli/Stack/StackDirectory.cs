namespace ClipiaFlows.Cli.Stack;

/// <summary>The folder of a local stack, open to its owner only: one subfolder per part, the logs, and the secrets when it is to be kept.</summary>
internal sealed class StackDirectory
{
    private StackDirectory(string root, bool isTemporary)
    {
        (Root, IsTemporary) = (root, isTemporary);
        foreach (var folder in new[] { Azurite, Emulator, App, Path.Combine(Root, "logs") })
            PrivateFolder.Open(folder);
    }

    public string Root { get; }

    /// <summary>True when nobody asked to keep it.</summary>
    public bool IsTemporary { get; }

    public string Azurite => Path.Combine(Root, "azurite");

    public string Emulator => Path.Combine(Root, "emulator");

    public string App => Path.Combine(Root, "app");

    public string Secrets => Path.Combine(Root, "secrets.json");

    public static StackDirectory Open(string? path) => path is null
        ? new StackDirectory(Directory.CreateTempSubdirectory("clipiaflows-").FullName, isTemporary: true)
        : new StackDirectory(PrivateFolder.Open(path), isTemporary: false);

    public string LogOf(string part) => Path.Combine(Root, "logs", part + ".log");

    public void RemoveIfTemporary()
    {
        if (IsTemporary && Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
    }
}
