namespace ClipiaFlows.Tests.Support;

/// <summary>Files of the repository that tests read as they are.</summary>
internal static class RepositoryFolder
{
    private static readonly string Root = Find();

    public static string Of(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClipiaFlows.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
