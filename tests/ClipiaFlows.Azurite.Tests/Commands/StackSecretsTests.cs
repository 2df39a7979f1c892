using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class StackSecretsTests
{
    [Fact]
    public void LoadOrCreate_SecondTime_GivesTheSameSecretsFromAFileOfTheOwner()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "secrets.json");

        var first = StackSecrets.LoadOrCreate(path);

        Assert.Equal(first, StackSecrets.LoadOrCreate(path));
        Assert.NotEqual(first, StackSecrets.Create());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("""{ "liveKey": "clipia_live_kept" }""")]
    public void LoadOrCreate_SpoiledFile_SaysSoWithoutRepeatingIt(string content)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "secrets.json");
        File.WriteAllText(path, content);

        var refused = Assert.Throws<StackException>(() => StackSecrets.LoadOrCreate(path));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kept", refused.Message, StringComparison.Ordinal);
    }
}
