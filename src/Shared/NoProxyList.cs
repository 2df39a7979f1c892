using System.Globalization;
using System.Net;

namespace Clipia.Shared;

/// <summary>
/// The hosts of <c>NO_PROXY</c> in all the forms that curl, Go and Python take: <c>*</c>, a name with or without a leading
/// dot (its subdomains are meant too), an address, a network such as <c>10.0.0.0/8</c>, each with or without a port. .NET itself
/// takes a name for exactly that host.
/// </summary>
internal sealed class NoProxyList(string? text)
{
    /// <summary>What the environment says; the lower-case name wins, as everywhere.</summary>
    public static string? Variable => Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY");

    private readonly string[] _entries =
        (text ?? "").Split([',', ' ', ';', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public bool Contains(Uri address) => Array.Exists(_entries, entry => Matches(entry, address));

    private static bool Matches(string entry, Uri address)
    {
        if (entry == "*")
            return true;
        var host = address.IdnHost.Trim('[', ']').TrimEnd('.');
        var isAddress = IPAddress.TryParse(host, out var literal);
        if (isAddress && IPNetwork.TryParse(entry, out var network))
            return network.Contains(literal!);
        if (IPAddress.TryParse(entry.Trim('[', ']'), out var same))
            return isAddress && same.Equals(literal);

        var (name, port) = SplitPort(entry);
        if (port is not null && port != address.Port)
            return false;
        name = name.TrimStart('*').TrimStart('.').Trim('[', ']').TrimEnd('.');
        return name.Length > 0
            && (host.Equals(name, StringComparison.OrdinalIgnoreCase)
                || (!isAddress && host.EndsWith('.' + name, StringComparison.OrdinalIgnoreCase)));
    }

    private static (string Name, int? Port) SplitPort(string entry)
    {
        var colon = entry.LastIndexOf(':');
        return colon > 0 && int.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (entry[..colon], port)
            : (entry, null);
    }
}
