namespace ClipiaFlows.Infra.Tests.Pipeline;

/// <summary>A build gets the packages that were there when its lock files were written, and no other.</summary>
public sealed class PackageLockTests
{
    private static readonly string[] Projects = [.. Files("*.csproj")];

    [Fact]
    public void Projects_AllHaveALockFileOfTheLocalBuild()
    {
        Assert.True(Projects.Length > 10);
        Assert.All(Projects, project => Assert.True(File.Exists(Lock(project, "local")), project));
    }

    [Theory]
    [InlineData("src/Clipia.Client")]
    [InlineData("src/ClipiaFlows")]
    [InlineData("src/ClipiaFlows.Functions")]
    public void Project_ThatIsDeployed_HasALockFileOfTheAzureBuild(string folder) =>
        Assert.True(File.Exists(RepositoryFolder.Of($"{folder}/packages.azure.lock.json")));

    [Fact]
    public void LockFiles_NameNoServer() =>
        Assert.All(Files("packages.*.lock.json"), file => Assert.DoesNotContain("://", File.ReadAllText(file), StringComparison.Ordinal));

    [Theory]
    [InlineData(".ci/run", "export RestoreLockedMode=true")]
    [InlineData(".github/workflows/deploy.yml", "RestoreLockedMode: true")]
    public void Ci_RestoresInLockedMode(string file, string setting) =>
        Assert.Contains(setting, File.ReadAllText(RepositoryFolder.Of(file)), StringComparison.Ordinal);

    private static string Lock(string project, string build) => Path.Combine(Path.GetDirectoryName(project)!, $"packages.{build}.lock.json");

    private static IEnumerable<string> Files(string pattern) =>
        new[] { "src", "tests", "benchmarks", "samples" }.SelectMany(folder =>
            Directory.EnumerateFiles(RepositoryFolder.Of(folder), pattern, SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)));
}
