using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Stack;

public sealed class AzuriteInstallTests : IDisposable
{
    private readonly TemporaryFolder _cache = new();
    private readonly TemporaryFolder _manifest = new();

    public AzuriteInstallTests()
    {
        Write("package.json", """{ "name": "nothing", "dependencies": {} }""");
        Write("package-lock.json", """{ "name": "nothing", "lockfileVersion": 3, "packages": { "": { "name": "nothing" } } }""");
    }

    [Fact]
    public async Task EnsureAsync_ManyCallersAtOnce_InstallsOnce()
    {
        var installations = 0;
        var callers = Enumerable.Range(0, 4).Select(_ => NewInstall().EnsureAsync(() => Interlocked.Increment(ref installations)));

        var scripts = await Task.WhenAll(callers);

        Assert.Single(scripts.Distinct());
        Assert.Equal(1, installations);
    }

    [Fact]
    public async Task EnsureAsync_EarlierInstallationInterrupted_IsNotTakenForWhole()
    {
        var script = await NewInstall().EnsureAsync();
        var target = Directory.GetDirectories(_cache.Path).Single();
        Directory.Move(target, target + ".interrupted.partial");
        var installations = 0;

        Assert.Equal(script, await NewInstall().EnsureAsync(() => installations++));

        Assert.Equal(1, installations);
        Assert.Equal([target], Directory.GetDirectories(_cache.Path));
    }

    [Fact]
    public async Task EnsureAsync_NpmFails_TellsItsReasonAndLeavesNothing()
    {
        Write("package.json", """{ "name": "nothing", "dependencies": { "azurite": "3.37.0" } }""");

        var refused = await Assert.ThrowsAsync<StackException>(() => NewInstall().EnsureAsync());

        Assert.Contains("npm ci", refused.Message, StringComparison.Ordinal);
        Assert.Contains("in sync", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_cache.Path));
    }

    [Fact]
    public void Start_ProgramMissing_NamesItAndWhatToInstall()
    {
        var refused = Assert.Throws<StackException>(() => NodePrograms.Start("no-such-program", _cache.Path, []));

        Assert.Equal("Azurite needs Node.js 20 or later, but 'no-such-program' was not found on the PATH.", refused.Message);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _manifest.Dispose();
    }

    private AzuriteInstall NewInstall() => new(_cache.Path, _manifest.Path);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_manifest.Path, file), text);
}
