using System.Diagnostics;

namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>Runs only where a file system can be mounted: by root on Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithOwnFileSystemAttribute : FactAttribute
{
    public FactWithOwnFileSystemAttribute()
    {
        if (!SmallFileSystem.CanBeMade) Skip = "Only root on Linux can mount a file system of a few megabytes.";
    }
}

/// <summary>A file system in memory of a few megabytes, which can be filled up.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallFileSystem(int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path) != 0)
            throw new InvalidOperationException("The file system was not mounted.");
    }

    public static bool CanBeMade { get; } = Try();

    public string Path => _folder.Path;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Leaves no free block.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Empty() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return false;
        try
        {
            new SmallFileSystem(1).Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
