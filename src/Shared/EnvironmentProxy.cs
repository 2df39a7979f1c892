using System.Net;

namespace Clipia.Shared;

/// <summary>
/// The proxy that the environment or the system names, never asked for this machine's own addresses: the proxy would look for
/// them on its own machine. Compiled into each program that sends requests.
/// </summary>
internal sealed class EnvironmentProxy(IWebProxy inner, string? exceptions) : IWebProxy
{
    private readonly NoProxyList _exceptions = new(exceptions);

    /// <summary>The proxy of this process, as its variables were at the first use.</summary>
    public static EnvironmentProxy OfProcess { get; } = new(HttpClient.DefaultProxy, NoProxyList.Variable);

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    /// <summary>Makes it the proxy of every client of this process that names none.</summary>
    public static void UseByDefault() => HttpClient.DefaultProxy = OfProcess;

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => IsLoopback(host) || _exceptions.Contains(host) || inner.IsBypassed(host);

    /// <summary>
    /// Whether the address is this machine's own: 127.0.0.0/8 in whatever spelling, ::1, the unspecified addresses, localhost and
    /// names below it.
    /// </summary>
    public static bool IsLoopback(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            var plain = literal.IsIPv4MappedToIPv6 ? literal.MapToIPv4() : literal;
            return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any);
        }

        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
