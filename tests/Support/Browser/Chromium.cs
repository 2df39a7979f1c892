namespace Tests.Support.Browser;

public static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The program: <c>CHROMIUM_PATH</c>, else the first of the usual names on the PATH; null when there is none.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new FileNotFoundException($"CHROMIUM_PATH names no file: {given}");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return (from folder in folders from name in Names select System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
