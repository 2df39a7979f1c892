using Azure.Messaging;

namespace ClipiaFlows.Notifications;

/// <summary>Somebody who is told of events: a queue, a topic or a webhook.</summary>
public interface IEventTarget
{
    /// <summary>Its name in rows, logs and the summary; never a secret.</summary>
    string Name { get; }

    /// <summary>Hands one event over. May be repeated: the receiver knows an event by its id.</summary>
    /// <returns><c>null</c> when it was taken; otherwise why not, and when to try again.</returns>
    Task<Refusal?> SendAsync(CloudEvent happened, CancellationToken cancellation);
}

/// <summary>Why an event was not taken.</summary>
/// <param name="Reason">For people; without secrets.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
/// <param name="ForGood">Whether the receiver says, or the settings make sure, that trying again is no use.</param>
public sealed record Refusal(string Reason, TimeSpan? RetryAfter = null, bool ForGood = false);
