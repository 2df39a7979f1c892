namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>A folder of one test, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clipiaflows-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
