using System.Security.Cryptography;
using System.Text;

namespace ClipiaFlows.Cli.Downloads;

/// <summary>Writes files that have their name only once they are whole.</summary>
internal static class LocalFile
{
    private const int NoSpaceOnLinux = 28;
    private const int QuotaExceededOnLinux = 122;
    private const int HandleDiskFull = unchecked((int)0x80070027);
    private const int DiskFull = unchecked((int)0x80070070);

    /// <summary>Writes into a file beside it, which then takes its name; whatever fails leaves nothing.</summary>
    public static async Task WriteAsync(string file, Func<FileStream, Task> write)
    {
        var partial = PartialOf(file);
        try
        {
            // A link that lies there is not followed: it is removed, and the file must be new.
            File.Delete(partial);
            await using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await write(stream);
                await stream.FlushAsync();
            }

            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>The SHA-256 of a file that is there and no link.</summary>
    public static async Task<string?> HashAsync(string file, CancellationToken cancellation)
    {
        if (new FileInfo(file) is not { Exists: true, LinkTarget: null })
            return null;
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <summary>True when the disk or the user's share of it is full.</summary>
    public static bool IsDiskFull(Exception failure) =>
        failure is IOException { HResult: NoSpaceOnLinux or QuotaExceededOnLinux or HandleDiskFull or DiskFull };

    // Of a length of its own, so that it fits wherever the file's name does.
    private static string PartialOf(string file) => Path.Combine(
        Path.GetDirectoryName(file)!, $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(file))))[..16]}.partial");
}
