using System.Collections.Concurrent;

namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>A folder that goes when the tests end.</summary>
/// <remarks>
/// Not earlier: a test was seen to find rows of the test before it. Likely cause: SQLite knows a file within the process by its
/// inode, and the system gives that of a deleted file to the next new one.
/// </remarks>
internal sealed class TemporaryFolder : IDisposable
{
    private static readonly ConcurrentBag<string> Left = [];

    static TemporaryFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var path in Left) Directory.Delete(path, recursive: true);
    };

    public string Path { get; } = Directory.CreateTempSubdirectory("clipiaflows-engine-").FullName;

    public void Dispose() => Left.Add(Path);
}
