using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ClipiaFlows.Cli.Stack;

/// <summary>Folders and files that only their owner can read. On Windows, the permissions of the folder above hold.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates the folder for its owner alone, or takes the permissions of everybody else from an existing one.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="StackException">Others own or share it.</exception>
    public static string Open(string path)
    {
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(path).FullName;
        if (Path.Exists(path) && !Directory.Exists(path))
            throw new StackException($"{Path.GetFullPath(path)} is not a folder; choose another one.");
        var folder = Create(path);
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        var mode = File.GetUnixFileMode(real);
        if (mode.HasFlag(UnixFileMode.StickyBit))
            throw new StackException($"{folder.FullName} is shared by all users of this machine; name a folder of your own, which may lie inside it.");
        if (OwnerOf(real) != EffectiveUser())
            throw new StackException($"{folder.FullName} belongs to another user, who could read keys and prompts in it; choose another folder.");
        if (mode != OwnerOnly)
            Restrict(real);
        return folder.FullName;
    }

    /// <summary>Creates the folder of programs that are run from it, or checks that nobody else can have put something there.</summary>
    /// <exception cref="StackException">Others own it, could write to it, or made it lead elsewhere.</exception>
    public static void OpenForPrograms(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var isShared = IsBelowSharedFolder(path);
        var folder = isShared ? Directory.CreateDirectory(path, OwnerOnly) : Directory.CreateDirectory(path);
        if (!isShared)
            return;
        var flaw = folder.LinkTarget is not null ? "is a link"
            : OwnerOf(folder.FullName) != EffectiveUser() ? "belongs to another user"
            : (File.GetUnixFileMode(folder.FullName) & OthersMayWrite) != 0 ? "can be written by other users"
            : null;
        if (flaw is not null)
            throw new StackException($"{folder.FullName} {flaw}, so programs in it are not run; remove it, or set XDG_CACHE_HOME to a folder of your own.");
    }

    /// <summary>Opens or creates a file that only its owner can read, and lets others write no more than read.</summary>
    public static FileStream OpenFile(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    [UnsupportedOSPlatform("windows")]
    private static DirectoryInfo Create(string path)
    {
        try
        {
            return Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"{Path.GetFullPath(path)} cannot be created: {refused.Message} Choose another folder.");
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Restrict(string path)
    {
        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"{path} cannot be kept from other users, because its file system has no permissions; choose another folder.");
        }
    }

    /// <summary>.NET shows the owner of a file in one place only: where it writes an archive.</summary>
    private static uint OwnerOf(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
            writer.WriteEntry(path, "folder");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return (uint)reader.GetNextEntry()!.Uid;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsBelowSharedFolder(string path)
    {
        for (var above = Directory.GetParent(Path.GetFullPath(path)); above is not null; above = above.Parent)
        {
            if (above.Exists && File.GetUnixFileMode(above.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? above.FullName).HasFlag(UnixFileMode.OtherWrite))
                return true;
        }

        return false;
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
