namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>Where the repository is.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClipiaFlows.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
