using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ClipiaFlows.Notifications;
using ClipiaFlows.Tests.Support;
using PublishPictures;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Others are told of a campaign: by a queue that the settings name, and by a webhook of the settings that is down at first.</summary>
public sealed class EventTests
{
    private const string Queue = "team-events";
    private static readonly string Secret = "whsec_" + Convert.ToBase64String(Enumerable.Range(1, 32).Select(n => (byte)n).ToArray());
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Campaign_WebhookDownThenBack_EverybodyGetsEveryEventInOrderAndTheSampleReacts()
    {
        await using var consumer = await EventReceiver.StartAsync();
        consumer.Status = 503;
        await using var stack = await RunningStack.StartAsync(clockScale: 10, appSettings: new Dictionary<string, string>
        {
            ["Notifications__QueueName"] = Queue,
            ["Notifications__Webhook"] = consumer.Address.AbsoluteUri,
            ["Notifications__WebhookSecret"] = Secret,
        });
        var batch = await stack.RunAsync(Campaigns.Small(images: 2));
        Assert.True(batch.IsSuccess);
        Assert.NotEmpty(consumer.Calls);
        Assert.Empty(consumer.Taken);

        // The queue has all while the webhook has nothing.
        var queue = new QueueClient(stack.Local.StorageConnectionString, Queue);
        var queued = new List<JsonElement>();
        await Eventually.TrueAsync(
            async () =>
            {
                queued = [.. (await queue.PeekMessagesAsync(32)).Value.Select(message => JsonElement.Parse(message.Body))];
                return queued.Exists(happened => happened.GetProperty("type").GetString() == "com.clipiaflows.batch.completed");
            },
            Limit, () => $"{queued.Count} events are in the queue");

        consumer.Status = 204;
        await Eventually.TrueAsync(
            () => Task.FromResult(consumer.Taken.Any(call => call.Type == "com.clipiaflows.batch.completed")),
            Limit, () => string.Join('\n', consumer.Calls.Select(call => $"{call.Id} {call.Type} {call.Answered}")));

        var told = consumer.Taken.Select(call => call.Id).Distinct().ToList();
        Assert.Equal(Enumerable.Range(1, told.Count).Select(n => $"{told[0][..^2]}-{n}"), told);
        Assert.StartsWith(batch.Id + "-", told[0], StringComparison.Ordinal);
        Assert.Equal(told, queued.Select(happened => happened.GetProperty("id").GetString()).Distinct());
        Assert.True(consumer.Calls.Count(call => call.Id == told[0]) > 1);
        Assert.Equal(3, consumer.Taken.Where(call => call.Type == "com.clipiaflows.job.succeeded").Select(call => call.Id).Distinct().Count());
        Assert.All(consumer.Calls, call =>
        {
            Assert.True(WebhookSecret.TryRead(Secret, out var key));
            Assert.Equal(WebhookTarget.Sign(key, call.Id, call.Timestamp, call.Body), call.Signature);
            Assert.DoesNotContain("paper boat", call.Json.GetRawText(), StringComparison.Ordinal);
        });
        await SampleReactsAsync(stack, batch.Id);
    }

    private static async Task SampleReactsAsync(RunningStack stack, string batch)
    {
        var connection = stack.Local.StorageConnectionString;
        var (log, blobs) = (new StringWriter(), new BlobServiceClient(connection));
        var publisher = new Publisher(new QueueClient(connection, Queue), blobs, log);
        await blobs.GetBlobContainerClient("published").CreateIfNotExistsAsync();
        while (await publisher.TakeSomeAsync(CancellationToken.None))
        {
            // Until the queue is empty.
        }

        var published = new List<string>();
        await foreach (var blob in blobs.GetBlobContainerClient("published").GetBlobsAsync())
            published.Add(blob.Name);
        var expected = (await stack.ResultsAsync(batch)).SelectMany(job => job.Outputs).Select(output => $"{batch}/{output.Path}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), published.Order(StringComparer.Ordinal));
    }
}
