using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>The Azurite of this test run: started by the first test that needs it, in memory, gone with the run.</summary>
internal static class SharedAzurite
{
    private static readonly Lazy<Task<AzuriteProcess>> Shared = new(() => AzuriteProcess.StartAsync());
    private static int _names;

    public static Task<AzuriteProcess> Running => Shared.Value;

    public static async Task<string> ConnectionStringAsync() => (await Running).ConnectionString;

    /// <summary>A container name that no other test has.</summary>
    public static string NewContainerName() => $"c-{NewName()}";

    /// <summary>A table name that no other test has.</summary>
    public static string NewTableName() => $"T{NewName()}";

    private static string NewName() => $"{Guid.NewGuid():N}"[..12] + Interlocked.Increment(ref _names);
}
