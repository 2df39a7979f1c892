using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Downloads;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class OutputDownloadTests
{
    [Theory]
    [InlineData("")]
    [InlineData("../x.png")]
    [InlineData("a/../../x.png")]
    [InlineData("/etc/x.png")]
    [InlineData("a//x.png")]
    [InlineData("./x.png")]
    [InlineData("a\\..\\x.png")]
    [InlineData("C:/x.png")]
    [InlineData("a/nul.png")]
    [InlineData("a/x.png.")]
    [InlineData("a\u001b[2J.png")]
    [InlineData("a\n.png")]
    [InlineData("a\u202egnp.exe")]
    [InlineData("GALLERY.html")]
    public void Claim_PathThatIsNoFileOfTheFolder_IsRefused(string path) =>
        Assert.NotNull(new LocalPaths("/tmp/folder").Claim(path).Objection);

    [Fact]
    public void Claim_PathWithinTheFolder_IsKept() =>
        Assert.Equal(("/tmp/folder/a/b.png", null), new LocalPaths("/tmp/folder").Claim("a/b.png"));

    [Fact]
    public void Claim_NameThatDiffersByCaseOnly_IsRefusedOnce()
    {
        var paths = new LocalPaths("/tmp/folder");

        Assert.Null(paths.Claim("a/Fox.png").Objection);
        Assert.Contains("ignoring case", paths.Claim("a/fox.PNG").Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateFolders_LinkInTheFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "a"), elsewhere.Path);

        Assert.Throws<CommandFailure>(() => new LocalPaths(folder.Path).CreateFolders(Path.Combine(folder.Path, "a", "b", "x.png")));

        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Path));
    }

    [Fact]
    public async Task WriteAsync_Fails_LeavesNothingAndTheFormerFile()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "x.png");
        await File.WriteAllTextAsync(file, "former");

        await Assert.ThrowsAsync<IOException>(() => LocalFile.WriteAsync(file, _ => throw new IOException("broken")));

        Assert.Equal(file, Assert.Single(Directory.GetFiles(folder.Path)));
        Assert.Equal("former", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task IsDiskFull_WriteToAFullDevice_IsTrue()
    {
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        var failure = await Assert.ThrowsAsync<IOException>(async () => await full.WriteAsync(new byte[1]));

        Assert.True(LocalFile.IsDiskFull(failure));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    public void Check_FileInTheWay_IsRefusedAndNothingIsMade(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "file"), "");

        var refused = Assert.Throws<CommandFailure>(() => TargetFolder.Check(new DirectoryInfo(Path.Combine(folder.Path, name)), "--download"));

        Assert.Contains("is a file", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Check_FolderWithMissingParents_LeavesEverythingAsItWas()
    {
        using var folder = new TemporaryFolder();

        TargetFolder.Check(new DirectoryInfo(Path.Combine(folder.Path, "a", "b")), "--download");

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("/proc/pictures")]
    [InlineData("/tmp/{long}")]
    public void Check_FolderThatCannotBe_IsRefused(string path) => Assert.Throws<CommandFailure>(() =>
        TargetFolder.Check(new DirectoryInfo(path.Replace("{long}", new string('x', 300), StringComparison.Ordinal)), "--download"));
}
