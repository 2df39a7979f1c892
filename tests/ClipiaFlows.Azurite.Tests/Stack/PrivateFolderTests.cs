using System.Diagnostics;
using System.Runtime.Versioning;
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
    [InlineData(OwnerOnly)]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite)]
    public void Open_FolderOfAnotherUser_IsRefusedAndStaysAsItIs(UnixFileMode mode)
    {
        if (!CanGiveAway)
            return;
        File.SetUnixFileMode(_folder.Path, mode);
        GiveAway(_folder.Path);

        Assert.Contains("belongs to another user", Assert.Throws<StackException>(() => PrivateFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(_folder.Path));
    }

    [Fact]
    public void Open_LinkToAFolder_TightensTheFolderOrRefusesThatOfAnotherUser()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (folder, link) = (Directory.CreateDirectory(Path.Combine(_folder.Path, "folder")).FullName, Path.Combine(_folder.Path, "link"));
        File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateSymbolicLink(link, folder);

        PrivateFolder.Open(link);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder));

        if (!CanGiveAway)
            return;
        GiveAway(folder);
        Assert.Contains("belongs to another user", Assert.Throws<StackException>(() => PrivateFolder.Open(link)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("link to nothing")]
    public void Open_NotAFolder_IsRefusedInASentence(string kind)
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Path.Combine(_folder.Path, "data");
        if (kind == "file")
            File.WriteAllText(path, "");
        else
            File.CreateSymbolicLink(path, Path.Combine(_folder.Path, "missing", "folder"));

        Assert.Equal($"{path} is not a folder; choose another one.", Assert.Throws<StackException>(() => PrivateFolder.Open(path)).Message);
    }

    [Fact]
    public void Open_SubfolderThatOthersPlanted_IsRefused()
    {
        if (!CanGiveAway)
            return;
        var root = PrivateFolder.Open(Path.Combine(_folder.Path, "data"));
        GiveAway(Directory.CreateDirectory(Path.Combine(root, "emulator")).FullName);

        Assert.Contains("emulator belongs to another user", Assert.Throws<StackException>(() => StackDirectory.Open(root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewStackFolder_EverythingInItIsForItsOwner()
    {
        if (OperatingSystem.IsWindows())
            return;
        var root = Path.Combine(_folder.Path, "a", "data");

        StackDirectory.Open(root);

        foreach (var folder in (string[])[root, .. Directory.GetDirectories(root, "*", SearchOption.AllDirectories)])
            Assert.Equal((folder, OwnerOnly), (folder, File.GetUnixFileMode(folder)));
    }

    [Fact]
    public void OpenForPrograms_FolderOfAnotherUserInASharedOne_IsRefused()
    {
        if (!CanGiveAway)
            return;
        File.SetUnixFileMode(_folder.Path, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
        var cache = Directory.CreateDirectory(Path.Combine(_folder.Path, "cache")).FullName;
        GiveAway(cache);

        var refused = Assert.Throws<StackException>(() => PrivateFolder.OpenForPrograms(cache)).Message;

        Assert.Contains("belongs to another user", refused, StringComparison.Ordinal);
        Assert.Contains("XDG_CACHE_HOME", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenForPrograms_NewFolderInASharedOne_IsForItsOwner()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder.Path, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
        var cache = Path.Combine(_folder.Path, "cache");

        PrivateFolder.OpenForPrograms(cache);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(cache));
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

    // Only root may make another user the owner of a file.
    [UnsupportedOSPlatformGuard("windows")]
    private static bool CanGiveAway => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    private static void GiveAway(string path)
    {
        using var chown = Process.Start("chown", ["12345", path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    public void Dispose() => _folder.Dispose();
}
