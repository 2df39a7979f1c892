using System.Security.Cryptography;

namespace ClipiaFlows.Cli.Stack;

/// <summary>
/// Packages from npm, installed once per user and version with <c>npm ci</c> from a committed lock file. May be asked for
/// by many processes at once: one installs, the others wait; an interrupted installation is not seen by anybody.
/// </summary>
internal sealed class NpmInstall(string name, string cacheDirectory, string manifestDirectory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Where this user's installations are kept.</summary>
    public static string UserCache { get; } = FindUserCache();

    /// <summary>Installs what is missing and returns the folder that holds <c>node_modules</c>.</summary>
    /// <exception cref="StackException">Node.js or npm is missing, or <c>npm ci</c> failed.</exception>
    public async Task<string> EnsureAsync(Action? installing = null, CancellationToken cancellation = default)
    {
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(LockFile, cancellation));
        var target = Path.Combine(cacheDirectory, $"{name}-{Convert.ToHexStringLower(hash)[..16]}");
        PrivateFolder.OpenForPrograms(cacheDirectory);
        if (!Directory.Exists(target))
            await InstallOnceAsync(target, installing, cancellation);
        return target;
    }

    private string LockFile => Path.Combine(manifestDirectory, "package-lock.json");

    private async Task InstallOnceAsync(string target, Action? installing, CancellationToken cancellation)
    {
        await using var held = await StackLock.TakeAsync(target + ".lock", Patience, cancellation)
            ?? throw new StackException($"Another process has been installing packages into {target} for too long.");
        if (Directory.Exists(target))
            return;

        await NodePrograms.CheckAsync(cancellation);
        installing?.Invoke();
        RemoveRemains(target);
        var partial = $"{target}.{Path.GetRandomFileName()}.partial";
        try
        {
            await InstallAsync(partial, cancellation);
            Directory.Move(partial, target);
        }
        catch
        {
            RemoveRemains(target);
            throw;
        }
    }

    private async Task InstallAsync(string directory, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        File.Copy(LockFile, Path.Combine(directory, "package-lock.json"));
        File.Copy(Path.Combine(manifestDirectory, "package.json"), Path.Combine(directory, "package.json"));

        // Azurite says that it wants Node.js 22, and runs on 20; none of its packages needs an install script.
        string[] arguments =
            ["ci", "--omit=dev", "--ignore-scripts", "--engine-strict=false", "--no-audit", "--no-fund", "--loglevel=error"];
        var (exitCode, output) = await NodePrograms.RunAsync(NodePrograms.Npm, directory, arguments, cancellation);
        if (exitCode != 0)
            throw new StackException($"The packages of {name} could not be installed: npm ci ended with {exitCode}: {Reason(output)}");
    }

    private static string Reason(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join("; ", lines.Take(3));
    }

    /// <summary>Best effort: an npm that outlived its killed owner may still be writing there.</summary>
    private static void RemoveRemains(string target)
    {
        var (parent, name) = (Path.GetDirectoryName(target)!, Path.GetFileName(target));
        foreach (var partial in Directory.EnumerateDirectories(parent, name + ".*.partial"))
        {
            try
            {
                Directory.Delete(partial, recursive: true);
            }
            catch (IOException)
            {
                // The next installation removes it.
            }
        }
    }

    private static string FindUserCache()
    {
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var root = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : !string.IsNullOrEmpty(xdg) ? xdg
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : home.Length > 0 ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
        return Path.Combine(root, "clipiaflows");
    }
}
