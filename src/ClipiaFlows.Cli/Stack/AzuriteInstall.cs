namespace ClipiaFlows.Cli.Stack;

/// <summary>Azurite's packages, from the lock file that comes with the command.</summary>
internal sealed class AzuriteInstall(string cacheDirectory, string manifestDirectory)
{
    private readonly NpmInstall _packages = new("azurite", cacheDirectory, manifestDirectory);

    /// <summary>The per-user cache and the manifest that lies beside the command.</summary>
    public AzuriteInstall()
        : this(NpmInstall.UserCache, Path.Combine(AppContext.BaseDirectory, "azurite"))
    {
    }

    /// <summary>The script that starts Azurite and ends it with its owner.</summary>
    public string Launcher => Path.Combine(manifestDirectory, "launch.js");

    /// <summary>Installs what is missing (about a minute, 370 MB) and returns the path of <c>azurite.js</c>.</summary>
    /// <exception cref="StackException">Node.js or npm is missing, or <c>npm ci</c> failed.</exception>
    public async Task<string> EnsureAsync(Action? installing = null, CancellationToken cancellation = default) =>
        Path.Combine(await _packages.EnsureAsync(installing, cancellation), "node_modules", "azurite", "dist", "src", "azurite.js");
}
