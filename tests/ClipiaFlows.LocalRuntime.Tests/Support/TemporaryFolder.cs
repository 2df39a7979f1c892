namespace ClipiaFlows.LocalRuntime.Tests.Support;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clipiaflows-engine-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
