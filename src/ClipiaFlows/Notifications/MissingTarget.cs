using Azure.Messaging;

namespace ClipiaFlows.Notifications;

/// <summary>A target that the settings, as they now are, cannot reach. Its events wait for the settings to be mended.</summary>
public sealed class MissingTarget(string name, string reason) : IEventTarget
{
    /// <inheritdoc />
    public string Name { get; } = name;

    /// <inheritdoc />
    public Task<Refusal?> SendAsync(CloudEvent happened, CancellationToken cancellation) =>
        Task.FromResult<Refusal?>(new Refusal(reason));
}
