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
    // Well above the time that Azurite takes for four requests.
    private static readonly TimeSpan MaxAzuriteWait = TimeSpan.FromSeconds(1);

    // The number of connections and their lifetime match the libraries' own transport.
    private static readonly HttpClientTransport Shared = new(new HttpClient(new AzuriteGate(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 50,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = EnvironmentProxy.OfProcess,
    }, MaxAzuriteWait))
    { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>Makes a client with these options send so.</summary>
    public static T In<T>(T options) where T : ClientOptions
    {
        options.Transport = Shared;
        return options;
    }
}
