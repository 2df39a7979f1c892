using Azure;
using Azure.Messaging;
using Azure.Storage.Queues;

namespace ClipiaFlows.Notifications;

/// <summary>A storage queue: a message is the CloudEvent as JSON in UTF-8. The queue is created when it is missing.</summary>
public sealed class QueueTarget(QueueClient queue) : IEventTarget
{
    // What nobody fetches for longer than events are tried is of no use either.
    private static readonly TimeSpan KeptFor = SendEvents.GivenUpAfter;

    /// <summary>Its only name: an app has one queue.</summary>
    public const string TargetName = "queue";

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public async Task<Refusal?> SendAsync(CloudEvent happened, CancellationToken cancellation)
    {
        var message = new BinaryData(EventJson.Write(happened));
        try
        {
            try
            {
                await queue.SendMessageAsync(message, visibilityTimeout: null, KeptFor, cancellation);
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                await queue.CreateIfNotExistsAsync(metadata: null, cancellation);
                await queue.SendMessageAsync(message, visibilityTimeout: null, KeptFor, cancellation);
            }

            return null;
        }
        catch (Exception trouble) when (trouble is RequestFailedException or AggregateException)
        {
            return new Refusal($"Queue '{queue.Name}': {Reasons.Of(trouble)}");
        }
    }
}
