using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace PublishPictures;

/// <summary>
/// Takes events from the queue and copies the files of every job that succeeded into the container <c>published</c>. An event
/// may come twice: copying the same file to the same place again changes nothing, and only then is the message deleted.
/// </summary>
internal sealed class Publisher(QueueClient queue, BlobServiceClient blobs, TextWriter log)
{
    private static readonly TimeSpan TimeForOne = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WhenEmpty = TimeSpan.FromSeconds(1);
    private readonly BlobContainerClient _outputs = blobs.GetBlobContainerClient("outputs");
    private readonly BlobContainerClient _published = blobs.GetBlobContainerClient("published");

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellation);
        await _published.CreateIfNotExistsAsync(cancellationToken: cancellation);
        while (true)
        {
            if (!await TakeSomeAsync(cancellation))
                await Task.Delay(WhenEmpty, cancellation);
        }
    }

    /// <summary>Takes up to 32 events; <c>false</c> when there are none.</summary>
    public async Task<bool> TakeSomeAsync(CancellationToken cancellation)
    {
        QueueMessage[] messages = await queue.ReceiveMessagesAsync(32, TimeForOne, cancellation);
        foreach (var message in messages)
        {
            using var happened = JsonDocument.Parse(message.Body);
            await ReactAsync(happened.RootElement, cancellation);
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellation);
        }

        return messages.Length > 0;
    }

    private async Task ReactAsync(JsonElement happened, CancellationToken cancellation)
    {
        if (happened.GetProperty("type").GetString() != "com.clipiaflows.job.succeeded")
            return;
        var data = happened.GetProperty("data");
        var batch = data.GetProperty("batch").GetString()!;
        foreach (var output in data.GetProperty("outputs").EnumerateArray())
        {
            var path = output.GetProperty("path").GetString()!;
            await CopyAsync($"{batch}/{path}", output.GetProperty("contentType").GetString()!, cancellation);
            await log.WriteLineAsync($"{happened.GetProperty("id").GetString()}: published {batch}/{path}");
        }
    }

    private async Task CopyAsync(string name, string contentType, CancellationToken cancellation)
    {
        try
        {
            await using var content = await _outputs.GetBlobClient(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellation);
            var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } };
            await _published.GetBlobClient(name).UploadAsync(content, options, cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            await log.WriteLineAsync($"{name} has been deleted meanwhile");
        }
    }
}
