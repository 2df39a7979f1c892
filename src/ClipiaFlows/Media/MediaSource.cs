using Clipia;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Media;

/// <summary>Which addresses outputs may come from: allowed hosts over https, and the local emulator where one is configured.</summary>
public sealed class MediaSource
{
    private static readonly char[] Separators = [',', ' ', ';'];
    private readonly string[] _hosts;
    private readonly Uri? _emulator;

    /// <summary>Reads the allow-list.</summary>
    public MediaSource(IOptions<MediaOptions> media, IOptions<ClipiaClientOptions> clipia)
    {
        _hosts = media.Value.AllowedHosts.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _emulator = clipia.Value.BaseUrl.IsLoopback ? clipia.Value.BaseUrl : null;
    }

    /// <summary>Why the address may not be fetched, or <c>null</c> when it may.</summary>
    public string? Refuses(Uri address)
    {
        if (IsEmulator(address))
            return null;
        if (address.Scheme != Uri.UriSchemeHttps)
            return $"only https is fetched, not {address.Scheme}";
        if (address.UserInfo.Length > 0)
            return "an address with a user name is not fetched";
        return Array.Exists(_hosts, allowed => Allows(allowed, address.IdnHost))
            ? null
            : $"host '{address.IdnHost}' is not among Media:AllowedHosts";
    }

    /// <summary>Whether the address belongs to exactly the configured emulator; only then may it be a loopback address.</summary>
    public bool IsEmulator(Uri address) =>
        _emulator is not null
        && Uri.Compare(
            _emulator, address, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool Allows(string allowed, string host) => allowed.StartsWith('.')
        ? host.EndsWith(allowed, StringComparison.OrdinalIgnoreCase)
        : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}
