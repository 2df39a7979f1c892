using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>The Azurite of this test run: started by the first test that needs it, in memory, gone with the run.</summary>
internal static class SharedAzurite
{
    private static readonly Lazy<Task<AzuriteProcess>> Shared = new(() => AzuriteProcess.StartAsync());

    public static Task<AzuriteProcess> Running => Shared.Value;

    public static async Task<string> ConnectionStringAsync() => (await Running).ConnectionString;

    /// <summary>A container name that no other test has.</summary>
    public static string NewContainerName() => $"c-{Guid.NewGuid():N}";

    /// <summary>A table name that no other test has.</summary>
    public static string NewTableName() => $"T{Guid.NewGuid():N}";

    /// <summary>A new, empty container.</summary>
    public static async Task<BlobContainerClient> NewContainerAsync()
    {
        var container = new BlobContainerClient(await ConnectionStringAsync(), NewContainerName());
        await container.CreateAsync();
        return container;
    }

    /// <summary>A new, empty table.</summary>
    public static async Task<TableClient> NewTableAsync()
    {
        var table = new TableClient(await ConnectionStringAsync(), NewTableName());
        await table.CreateAsync();
        return table;
    }
}
