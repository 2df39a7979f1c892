using System.Net;
using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;
using ClipiaFlows.Media;

namespace ClipiaFlows.Planning;

/// <summary>Why a text cannot be the address of a file that the API fetches.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Expected">What is expected instead.</param>
/// <param name="Reason">What the text is, as the end of a sentence.</param>
internal sealed record AddressObjection(string Code, string Expected, string Reason);

/// <summary>
/// The addresses that the API fetches: absolute ones of the public internet. There are no uploads and no <c>data:</c> addresses
/// (clipia-api.md section 3.8). What a name resolves to is the API's to check.
/// </summary>
internal static partial class FetchedAddress
{
    private const string Expected = "an https address that the API can fetch";

    // Names that no public resolver knows: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, and customs of private networks.
    private static readonly string[] PrivateSuffixes =
    [
        ".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".private", ".corp", ".home", ".home.arpa", ".test", ".invalid",
    ];

    /// <summary>Whether the API fetches what an input of this name holds.</summary>
    /// <param name="name">Name of the input, or of a member of an object in it.</param>
    /// <param name="field">What the model says of it; null when it does not list it.</param>
    public static bool IsWanted(string name, InputField? field) =>
        field?.Format?.ToLowerInvariant() is "url" or "uri" || field?.Type?.ToLowerInvariant() is "url" or "uri" || NameOfAddress().IsMatch(name);

    /// <summary>What is wrong with an address; null when nothing is.</summary>
    /// <param name="text">A planned text, in which references to other jobs' outputs may be left.</param>
    /// <param name="allowsPrivate">Whether the API can fetch from private networks.</param>
    public static AddressObjection? Objection(string text, bool allowsPrivate)
    {
        var parts = PlannedText.Split(text);
        if (parts is [{ Reference: not null }, ..])
            return null;
        var written = string.Concat(parts.Select(part => part.Reference is null ? part.Text : "x")).Trim();
        if (written.Length == 0)
            return new(ProblemCodes.BadAddress, Expected, "is empty");
        if (HostWithoutScheme().IsMatch(written))
            return new(ProblemCodes.BadAddress, Expected, "has no 'https://' in front");
        if (IsLocalPath(written))
            return new(ProblemCodes.LocalPath, Expected, "is a path on this machine, and Clipia fetches the file itself; upload it to where it can be fetched");
        if (!Uri.TryCreate(written, UriKind.Absolute, out var address))
            return new(ProblemCodes.BadAddress, Expected, "is not an address");
        if (address.Scheme is not ("https" or "http"))
            return new(ProblemCodes.BadAddress, Expected, $"is a '{Shown.Text(address.Scheme)}:' address, and Clipia fetches https addresses only");
        return !allowsPrivate && IsPrivate(address)
            ? new(ProblemCodes.PrivateAddress, "an address of the public internet", "is an address of a private network, from which Clipia cannot fetch")
            : null;
    }

    private static bool IsLocalPath(string text) =>
        text.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        || text[0] is '.' or '/' or '\\' or '~'
        || DriveLetter().IsMatch(text)
        || !Scheme().IsMatch(text);

    private static bool IsPrivate(Uri address)
    {
        // Resolvers read full-width digits and dots as plain ones; the parser takes decimal, octal and hexadecimal forms as they do.
        var host = string.Concat(Uri.UnescapeDataString(address.Host).Select(Plain)).Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(host, out var literal))
            return !PublicAddress.Is(literal);
        return !host.Contains('.', StringComparison.Ordinal)
            || Array.Exists(PrivateSuffixes, suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    private static char Plain(char letter) => letter switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(letter - 0xFEE0),
        '\u3002' or '\uFF61' => '.',
        _ => letter,
    };

    // url, image_url, image_urls, imageUrl, video-uri; not curl.
    [GeneratedRegex(@"^(?:(?i:ur[il]s?)|.*[_.-](?i:ur[il]s?)|.*[a-z0-9]Ur[il]s?|.*[a-z0-9]UR[IL]s?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameOfAddress();

    [GeneratedRegex("^[A-Za-z]:", RegexOptions.CultureInvariant)]
    private static partial Regex DriveLetter();

    [GeneratedRegex(@"^(//|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/)", RegexOptions.CultureInvariant)]
    private static partial Regex HostWithoutScheme();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
