using Azure.Core;
using Azure.Core.Pipeline;
using Clipia.Shared;

namespace ClipiaFlows.Stores;

/// <summary>
/// How Azure's client libraries send. By themselves they read the proxy variables in a way of their own, and would ask a
/// proxy for Azurite.
/// </summary>
internal static class AzureTransport
{
    // Longer than Azurite takes for a few requests, and too short to be noticed.
    private static readonly TimeSpan LongestWaitForAzurite = TimeSpan.FromSeconds(1);

    // Connections and their lifetime are those of the libraries' own transport.
    private static readonly HttpClientTransport Shared = new(new HttpClient(new AzuriteGate(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 50,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = EnvironmentProxy.OfProcess,
    }, LongestWaitForAzurite))
    { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>Makes a client with these options send so.</summary>
    public static T In<T>(T options) where T : ClientOptions
    {
        options.Transport = Shared;
        return options;
    }
}
