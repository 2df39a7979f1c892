using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Infra.Tests.Linters;

/// <summary>Runs one of the scripts here over files; its packages come from npm once per user.</summary>
internal static class Linter
{
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "Linters");

    /// <summary>What it found, a line a finding.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string script, params IEnumerable<string> files)
    {
        var packages = await new NpmInstall("infra-linters", NpmInstall.UserCache, Scripts).EnsureAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (exitCode, output) = await NodePrograms.RunAsync(
            NodePrograms.Node, Scripts, [Path.Combine(Scripts, script), packages, .. files], patience.Token);

        Assert.True(exitCode == 0, output);
        return output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
