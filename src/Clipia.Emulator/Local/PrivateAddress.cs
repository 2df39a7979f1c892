using System.Net;
using System.Net.Sockets;

namespace Clipia.Emulator;

internal static class PrivateAddress
{
    private static readonly IPNetwork[] Networks =
    [
        .. new[] { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10" }
            .Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>True for hosts that only this machine or its network can reach, as far as the name alone tells.</summary>
    public static bool Is(Uri url)
    {
        if (!IPAddress.TryParse(url.DnsSafeHost, out var address))
            return url.IsLoopback || !url.Host.Contains('.', StringComparison.Ordinal) || url.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase);
        if (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return Networks.Any(network => network.Contains(address));
    }
}
