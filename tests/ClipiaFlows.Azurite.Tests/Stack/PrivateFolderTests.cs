using System.Diagnostics;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Stack;

/// <summary>Folders that hold keys or programs, on systems that have permissions.</summary>
public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_ExistingFolderThatOthersCanRead_IsTightened()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder.Path, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        PrivateFolder.Open(_folder.Path);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_folder.Path));
    }

    [Fact]
    public void Open_FolderOfAllUsers_IsRefusedAndStaysAsItIs()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode shared = OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit;
        File.SetUnixFileMode(_folder.Path, shared);

        Assert.Contains("shared by all users", Assert.Throws<StackException>(() => PrivateFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(shared, File.GetUnixFileMode(_folder.Path));
    }

    [Theory]
    [InlineData("link", "is a link")]
    [InlineData("writable", "can be written by other users")]
    public void OpenForPrograms_NotSafelyOurs_IsRefused(string kind, string expected)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder.Path, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        var cache = Path.Combine(_folder.Path, "cache");
        if (kind == "link")
        {
            Directory.CreateSymbolicLink(cache, Path.GetTempPath());
        }
        else
        {
            Directory.CreateDirectory(cache);
            File.SetUnixFileMode(cache, OwnerOnly | UnixFileMode.OtherWrite);
        }

        Assert.Contains(expected, Assert.Throws<StackException>(() => PrivateFolder.OpenForPrograms(cache)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", false)]
    [InlineData("DOTNET_STARTUP_HOOKS", false)]
    [InlineData("NODE_OPTIONS", false)]
    [InlineData("AzureWebJobsStorage", false)]
    [InlineData("WEBSITE_SITE_NAME", false)]
    [InlineData("Clipia__ApiKey", false)]
    [InlineData("DOTNET_ROOT", true)]
    [InlineData("PATH", true)]
    [InlineData("https_proxy", true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", true)]
    [InlineData("Pacing__Concurrency", true)]
    public void LeaveForApp_Variable_StaysOnlyWhenItIsMeant(string name, bool stays)
    {
        var start = new ProcessStartInfo();
        start.Environment[name] = "1";

        ChildEnvironment.LeaveForApp(start);

        Assert.Equal(stays, start.Environment.ContainsKey(name));
        Assert.Contains("127.0.0.1", start.Environment["no_proxy"], StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
