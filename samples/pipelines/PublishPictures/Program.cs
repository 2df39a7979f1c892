using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using PublishPictures;

// Usage: PublishPictures CONNECTION-STRING [QUEUE]. Runs until Ctrl-C.
if (args is not [var connection, ..])
{
    Console.Error.WriteLine("Usage: PublishPictures CONNECTION-STRING [QUEUE]");
    return 2;
}

// Azure's libraries would ask a proxy of the environment for Azurite too, unless its address is excepted.
var excepted = Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY");
Environment.SetEnvironmentVariable("no_proxy", $"{excepted},localhost,127.0.0.1,::1");

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
