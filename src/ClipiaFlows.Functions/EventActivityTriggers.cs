using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.Functions;

/// <summary>The activities that tell others, as the host runs them.</summary>
public sealed class EventActivityTriggers(SendEvents send)
{
    /// <summary>Binds <see cref="SendEvents"/>.</summary>
    [Function(SendEvents.Name)]
    public Task<TellStep> Send([ActivityTrigger] BatchRef batch, CancellationToken cancellationToken) =>
        send.RunAsync(batch, cancellationToken);
}
