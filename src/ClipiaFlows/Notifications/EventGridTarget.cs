using Azure;
using Azure.Identity;
using Azure.Messaging;
using Azure.Messaging.EventGrid;

namespace ClipiaFlows.Notifications;

/// <summary>An Event Grid topic with the CloudEvents schema.</summary>
public sealed class EventGridTarget(EventGridPublisherClient topic) : IEventTarget
{
    /// <summary>Its only name: an app has one topic.</summary>
    public const string TargetName = "eventGrid";

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public async Task<Refusal?> SendAsync(CloudEvent happened, CancellationToken cancellation)
    {
        try
        {
            await topic.SendEventAsync(happened, cancellation);
            return null;
        }
        catch (Exception trouble) when (trouble is RequestFailedException or AggregateException or AuthenticationFailedException)
        {
            return new Refusal($"Event Grid topic: {Reasons.Of(trouble)}");
        }
    }
}
