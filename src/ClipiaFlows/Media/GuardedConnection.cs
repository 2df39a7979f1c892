using System.Net;
using System.Net.Sockets;

namespace ClipiaFlows.Media;

/// <summary>Makes the handler for addresses that others chose: it connects only to what it has checked itself.</summary>
internal static class GuardedConnection
{
    /// <summary>For media: only the emulator may be inward.</summary>
    public static SocketsHttpHandler CreateHandler(MediaSource source, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        CreateHandler(
            source.IsEmulator,
            (host, inward) => new MediaException("media_address_refused", $"Host '{host}' has the address {inward}, which is not public.", mayPass: false),
            resolve);

    /// <summary>For whatever address.</summary>
    /// <param name="mayBeInward">Whether the address may be one that is not public: of the local emulator, say.</param>
    /// <param name="refusal">What is thrown for a host with an address that is not public, inside an <see cref="HttpRequestException"/>.</param>
    /// <param name="resolve">Asked once for each connection; the system's resolver when absent.</param>
    public static SocketsHttpHandler CreateHandler(
        Func<Uri, bool> mayBeInward, Func<string, IPAddress, Exception> refusal, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
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
        var host = context.DnsEndPoint.Host;
        // The resolver takes no unspecified address (0.0.0.0) for an answer, and would have it tried again later.
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        if (!mayBeInward(context.InitialRequestMessage.RequestUri!)
            && Array.Find(addresses, address => !PublicAddress.Is(address)) is { } inward)
            throw refusal(host, inward);

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
}
