using System.Net;
using System.Net.Sockets;

namespace ClipiaFlows.Media;

/// <summary>Makes the handler that media is fetched with: it connects only to addresses that it has checked itself.</summary>
internal static class GuardedConnection
{
    public static SocketsHttpHandler CreateHandler(MediaSource source) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxConnectionsPerServer = 16,
        ConnectCallback = (context, cancellation) => ConnectAsync(source, context, cancellation),
    };

    // Checking the name before the request would leave time for the name to change its address.
    private static async ValueTask<Stream> ConnectAsync(
        MediaSource source, SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation);
        if (!source.IsEmulator(context.InitialRequestMessage.RequestUri!)
            && Array.Find(addresses, address => !PublicAddress.Is(address)) is { } inward)
            throw new MediaException("media_address_refused", $"Host '{host}' has the address {inward}, which is not public.", mayPass: false);

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
