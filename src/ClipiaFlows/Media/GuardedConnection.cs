using System.Net;
using System.Net.Sockets;
using Clipia.Shared;

namespace ClipiaFlows.Media;

/// <summary>
/// Makes the handler for addresses that others chose: it connects only to what it has checked itself, or through the proxy
/// that the environment names.
/// </summary>
internal static class GuardedConnection
{
    /// <summary>For media: only the emulator may be inward.</summary>
    public static SocketsHttpHandler CreateHandler(
        MediaSource source, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, IWebProxy? proxy = null) =>
        CreateHandler(
            source.IsEmulator,
            (host, inward) => new MediaException("media_address_refused", $"Host '{host}' has the address {inward}, which is not public.", mayPass: false),
            resolve,
            proxy);

    /// <summary>For whatever address.</summary>
    /// <param name="mayBeInward">Whether the address may be one that is not public: of the local emulator, say.</param>
    /// <param name="refusal">What is thrown for a host with an address that is not public, inside an <see cref="HttpRequestException"/>.</param>
    /// <param name="resolve">Asked once for each connection; the system's resolver when absent.</param>
    /// <param name="proxy">Used for what is not on this machine; the environment's when absent.</param>
    public static SocketsHttpHandler CreateHandler(
        Func<Uri, bool> mayBeInward, Func<string, IPAddress, Exception> refusal,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, IWebProxy? proxy = null) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        Proxy = proxy ?? EnvironmentProxy.OfProcess,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxConnectionsPerServer = 16,
        ConnectCallback = (context, cancellation) => ConnectAsync(mayBeInward, refusal, resolve ?? Dns.GetHostAddressesAsync, context, cancellation),
    };

    // Checking the name before the request would leave time for the name to change its address.
    private static async ValueTask<Stream> ConnectAsync(
        Func<Uri, bool> mayBeInward, Func<string, IPAddress, Exception> refusal, Func<string, CancellationToken, Task<IPAddress[]>> resolve,
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = TargetOf(context.InitialRequestMessage);
        var isDirect = target.IdnHost.Trim('[', ']') == context.DnsEndPoint.Host.Trim('[', ']') && target.Port == context.DnsEndPoint.Port;
        // Refused through a proxy too, as far as this machine's resolver knows the name; what it does not know, the proxy decides.
        var addresses = isDirect
            ? await AddressesOf(target.IdnHost, resolve, cancellation)
            : await KnownAddressesOf(target.IdnHost, resolve, cancellation);
        if (!mayBeInward(target) && Array.Find(addresses, address => !PublicAddress.Is(address)) is { } inward)
            throw refusal(target.IdnHost, inward);
        if (!isDirect)
            addresses = await AddressesOf(context.DnsEndPoint.Host, resolve, cancellation);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The address that is meant; a request that asks a proxy for a tunnel has the proxy's address and names its target as host.</summary>
    private static Uri TargetOf(HttpRequestMessage request) => request.Method == HttpMethod.Connect
        ? new Uri($"https://{request.Headers.Host}")
        : request.RequestUri!;

    // The resolver takes no unspecified address (0.0.0.0) for an answer, and would have it tried again later.
    private static async Task<IPAddress[]> AddressesOf(
        string host, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellation) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, cancellation);

    private static async Task<IPAddress[]> KnownAddressesOf(
        string host, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellation)
    {
        try
        {
            return await AddressesOf(host, resolve, cancellation);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
