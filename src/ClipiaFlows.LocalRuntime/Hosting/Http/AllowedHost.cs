using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>Another name under which one part of the app is answered, such as that of a tunnel.</summary>
internal sealed record AllowedHost(string Name, PathString Prefix)
{
    public const string Setting = "LocalRuntime:AllowedHosts";

    private static readonly char[] Separators = [',', ' ', ';'];

    /// <summary>Reads <c>flows.example.com=/api/webhooks/</c> and more of that, separated by commas or spaces.</summary>
    public static IReadOnlyList<AllowedHost> ReadAll(string text, Problems problems)
    {
        List<AllowedHost> hosts = [];
        foreach (var entry in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (TryRead(entry) is { } host)
                hosts.Add(host);
            else
                problems.Add($"{Setting} must hold entries such as flows.example.com=/api/webhooks/, a name without a port and a path, found '{entry}'.");
        }

        return hosts;
    }

    public bool Allows(HostString host, PathString path) =>
        host.HasValue && IsName(host) && host.Host.Equals(Name, StringComparison.OrdinalIgnoreCase)
        && path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    private static AllowedHost? TryRead(string entry) =>
        entry.Split('=') is [var name, ['/', ..] path] && Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4
        && path.AsSpan().IndexOfAny("?#%*\\") < 0 && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal)
            ? new(name, new PathString(path.TrimEnd('/')))
            : null;

    // The rest behind the name must be a port and nothing else.
    private static bool IsName(HostString host) =>
        host.Value!.Length == host.Host.Length || (host.Port is not null && host.Value[host.Host.Length] == ':');
}
