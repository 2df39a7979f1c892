using System.Net;
using ClipiaFlows.Media;

namespace ClipiaFlows.Manifests;

/// <summary>Which addresses a manifest may have events sent to. What a name resolves to is checked when it is connected to.</summary>
internal static class WebhookAddress
{
    private const int Longest = 2048;

    /// <summary>What is expected instead, or null when the address is fine.</summary>
    public static string? Objection(string text)
    {
        if (text.Length > Longest)
            return $"at most {Longest} characters";
        if (text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character))
            || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0
            || address.Scheme is not ("https" or "http"))
            return "an https address";
        if (address.AbsoluteUri.Length > Longest)
            return $"at most {Longest} characters when it is percent-encoded";
        if (address.UserInfo.Length > 0)
            return "an address without user name and password";
        if (address.Fragment.Length > 0)
            return "an address without fragment (#)";
        if (address.Scheme == "http" && !address.IsLoopback)
            return "an https address; http is for this machine only";
        return !address.IsLoopback && IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) && !PublicAddress.Is(literal)
            ? "an address of the public internet, or a loopback one"
            : null;
    }

    /// <summary>As a problem may quote it: what stands before the host and behind the path can be a secret.</summary>
    public static string WithoutSecrets(string text) => Shown.Text(
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0
            ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : text);
}
