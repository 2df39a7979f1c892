using Clipia;
using ClipiaFlows.Media;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Notifications;

/// <summary>
/// How webhooks are called: directly or through the proxy of the environment, without following redirects, for 10 s at most, and
/// only at public addresses. Loopback addresses are allowed where Clipia is the local emulator.
/// </summary>
public sealed class WebhookHttp : IDisposable
{
    /// <summary>Prepares the connections; they live as long as the app.</summary>
    public WebhookHttp(IOptions<ClipiaClientOptions> clipia)
    {
        var isLocal = clipia.Value.BaseUrl.IsLoopback;
        var handler = GuardedConnection.CreateHandler(
            address => isLocal && address.IsLoopback,
            (host, inward) => new MediaException("webhook_address_refused", $"Host '{host}' has the address {inward}, which is not public.", mayPass: true));
        Client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 64 * 1024 };
        Client.DefaultRequestHeaders.UserAgent.ParseAdd("ClipiaFlows");
    }

    /// <summary>The client.</summary>
    public HttpClient Client { get; }

    /// <inheritdoc />
    public void Dispose() => Client.Dispose();
}
