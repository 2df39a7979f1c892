using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using PublishPictures;

// Usage: PublishPictures CONNECTION-STRING [QUEUE]. Runs until Ctrl-C.
if (args is not [var connection, ..])
{
    Console.Error.WriteLine("Usage: PublishPictures CONNECTION-STRING [QUEUE]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
var publisher = new Publisher(
    new QueueClient(connection, args.ElementAtOrDefault(1) ?? "clipiaflows-events"), new BlobServiceClient(connection), Console.Out);
try
{
    await publisher.RunAsync(stop.Token);
}
catch (OperationCanceledException)
{
    // Ctrl-C is how it ends.
}

return 0;
