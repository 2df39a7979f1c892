using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Azurite.Tests.Telemetry;

namespace ClipiaFlows.Azurite.Tests.Secrets;

/// <summary>One thing that was written, and where.</summary>
internal sealed record Written(string Place, byte[] Content);

/// <summary>Collects everything that an app and its storage have written.</summary>
internal static class WrittenPlaces
{
    public static async Task<List<Written>> CollectAsync(RunningStack stack, OtlpReceiver receiver) =>
    [
        // The emulator stands for Clipia, which shows its keys.
        .. Files(Path.Combine(stack.Local.DataDirectory, "logs"), "log").Where(log => log.Place != "log/emulator.log"),
        .. Files(Path.Combine(stack.Local.DataDirectory, "app"), "app"),
        .. receiver.Bodies.Select(body => new Written("telemetry", body)),
        .. await TablesAsync(stack).ToListAsync(),
        .. await BlobsAsync(stack).ToListAsync(),
        .. await QueuesAsync(stack).ToListAsync(),
    ];

    private static IEnumerable<Written> Files(string folder, string place)
    {
        // A lock is empty, and nobody else may open it.
        foreach (var path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            // The app still writes to some of them.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            file.CopyTo(content);
            yield return new Written($"{place}/{Path.GetFileName(path)}", content.ToArray());
        }
    }

    /// <summary>Each column by itself, so that one that may hold something does not hide the others.</summary>
    private static async IAsyncEnumerable<Written> TablesAsync(RunningStack stack)
    {
        var service = new TableServiceClient(stack.Local.StorageConnectionString);
        await foreach (var table in service.QueryAsync())
        {
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                foreach (var (column, value) in row)
                    yield return new Written($"table/{table.Name}/{row.RowKey.Split('|')[0]}/{column}", value as byte[] ?? Encoding.UTF8.GetBytes($"{value}"));
            }
        }
    }

    private static async IAsyncEnumerable<Written> BlobsAsync(RunningStack stack)
    {
        var service = new BlobServiceClient(stack.Local.StorageConnectionString);
        await foreach (var container in service.GetBlobContainersAsync())
        {
            var client = service.GetBlobContainerClient(container.Name);
            await foreach (var blob in client.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, CancellationToken.None))
            {
                yield return new Written($"blob/{container.Name}/{blob.Name}", (await client.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray());
                yield return new Written($"blob-name/{container.Name}", Encoding.UTF8.GetBytes(blob.Name + JsonSerializer.Serialize(blob.Metadata)));
            }
        }
    }

    private static async IAsyncEnumerable<Written> QueuesAsync(RunningStack stack)
    {
        var service = new QueueServiceClient(stack.Local.StorageConnectionString);
        await foreach (var queue in service.GetQueuesAsync())
        {
            foreach (var message in (await service.GetQueueClient(queue.Name).PeekMessagesAsync(32)).Value)
                yield return new Written($"queue/{queue.Name}", message.Body.ToArray());
        }
    }
}
