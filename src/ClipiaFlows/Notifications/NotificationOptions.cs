using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Clipia.Shared;

namespace ClipiaFlows.Notifications;

/// <summary>
/// Who is told of batches and jobs. Bound from the <c>Notifications</c> section. A target that is named here is told of
/// every batch; a manifest's <c>notify</c> asks for the same targets, or for webhooks of its own, for one batch.
/// </summary>
public sealed partial class NotificationOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Notifications";

    /// <summary>The queue of a manifest that asks for one while none is named here.</summary>
    public const string UsualQueueName = "clipiaflows-events";

    /// <summary>
    /// Name of the storage queue that is told of every batch: 3 to 63 lower-case letters, digits and single hyphens. Empty:
    /// only batches whose manifest asks for the queue are told, to <see cref="UsualQueueName"/>.
    /// </summary>
    public string QueueName { get; set; } = "";

    /// <summary>Connection string of the queue's account; empty for the app's own account.</summary>
    public string QueueConnectionString { get; set; } = "";

    /// <summary>Address of the Event Grid topic (CloudEvents schema) that is told of every batch; https.</summary>
    public Uri? EventGridTopicEndpoint { get; set; }

    /// <summary>Access key of the topic; empty to use the app's identity.</summary>
    public string EventGridKey { get; set; } = "";

    /// <summary>Address of the webhook that is told of every batch: https, or http on a loopback address.</summary>
    public Uri? Webhook { get; set; }

    /// <summary>
    /// What outgoing webhooks are signed with: <c>whsec_</c> and 24 to 64 bytes in Base64 (Standard Webhooks). Needed as
    /// soon as a webhook is to be called, also for those of manifests.
    /// </summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>Whether anybody is told of every batch.</summary>
    public bool TellsOfEveryBatch => QueueName.Length > 0 || EventGridTopicEndpoint is not null || Webhook is not null;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (QueueName.Length > 0 && !NameOfQueue.IsMatch(QueueName))
            yield return new("Notifications:QueueName must be a queue name: 3 to 63 lower-case letters, digits and single hyphens.");
        if (EventGridTopicEndpoint is { } topic && (!topic.IsAbsoluteUri || topic.Scheme != Uri.UriSchemeHttps))
            yield return new("Notifications:EventGridTopicEndpoint must be an absolute https address.");
        if (Webhook is { } webhook && (!webhook.IsAbsoluteUri || webhook.UserInfo.Length > 0
            || (webhook.Scheme != Uri.UriSchemeHttps && !(webhook.Scheme == Uri.UriSchemeHttp && webhook.IsLoopback))))
            yield return new("Notifications:Webhook must be an absolute https address without a user name, or http on a loopback address.");
        if (SecretText.FlawOfText(QueueConnectionString) is { } flawOfConnection)
            yield return new($"Notifications:QueueConnectionString {flawOfConnection}; set it to the connection string alone.");
        if (SecretText.Flaw(EventGridKey) is { } flawOfKey)
            yield return new($"Notifications:EventGridKey {flawOfKey}; set it to the key alone.");
        if (SecretText.Flaw(WebhookSecret) is { } flawOfSecret)
            yield return new($"Notifications:WebhookSecret {flawOfSecret}; set it to the secret alone.");
        else if (WebhookSecret.Length > 0 && !Notifications.WebhookSecret.TryRead(WebhookSecret, out _))
            yield return new("Notifications:WebhookSecret must be 'whsec_' and 24 to 64 bytes in Base64.");
        if (Webhook is not null && WebhookSecret.Length == 0)
            yield return new("Notifications:WebhookSecret is required when Notifications:Webhook is set.");
    }

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameOfQueue { get; }
}
