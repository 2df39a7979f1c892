using System.Text.RegularExpressions;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>The names under which only this machine reaches the app.</summary>
internal static partial class LoopbackHost
{
    /// <summary>Whether a <c>Host</c> header is one of them, with any port. Everything else around it makes it another name.</summary>
    public static bool Is(string? host) => host is not null && Form.IsMatch(host);

    [GeneratedRegex(@"\A(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }
}
