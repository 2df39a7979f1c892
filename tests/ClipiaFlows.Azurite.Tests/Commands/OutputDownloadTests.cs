using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Downloads;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class OutputDownloadTests
{
    [Theory]
    [InlineData("../x.png")]
    [InlineData("a/../../x.png")]
    [InlineData("/etc/x.png")]
    [InlineData("../folder-of-another/x.png")]
    public void LocalPath_LeavesTheFolder_IsRefused(string path)
    {
        var refused = Assert.Throws<CommandFailure>(() => OutputDownload.LocalPath("/tmp/folder", path));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LocalPath_WithinTheFolder_IsKept() =>
        Assert.Equal("/tmp/folder/a/b.png", OutputDownload.LocalPath("/tmp/folder", "a/b.png"));
}
