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

    [Theory]
    [InlineData("liveKey", "KEY\\n", "ends with a line break (U+000A)")]
    [InlineData("testKey", "\\ufeffKEY", "begins with a byte order mark (U+FEFF)")]
    [InlineData("webhookSecret", "\u201cKEY\u201d", "begins with a typographic quotation mark (U+201C)")]
    [InlineData("callbackKey", "KEY\u00a0", "ends with a space (U+00A0)")]
    public void LoadOrCreate_EditedSecretHasSomethingAroundIt_NamesFileSecretAndFlaw(string name, string pattern, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "secrets.json");
        StackSecrets.LoadOrCreate(path);
        var secrets = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        var secret = secrets[name]!.GetValue<string>();
        File.WriteAllText(path, File.ReadAllText(path).Replace(secret, pattern.Replace("KEY", secret, StringComparison.Ordinal), StringComparison.Ordinal));

        var refused = Assert.Throws<StackException>(() => StackSecrets.LoadOrCreate(path));

        Assert.StartsWith($"{name} in {path} {expected}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.Message, StringComparison.Ordinal);
    }
}
