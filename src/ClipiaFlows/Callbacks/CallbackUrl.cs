using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Callbacks;

/// <summary>
/// The address that a submission names for its delivery: it carries the instance and a token that only we can make, since
/// Clipia's signature covers the body but not the address. The token tells the request too, since a deleted and repeated batch
/// has instances of the same ids, and deliveries of the deleted one may still come.
/// </summary>
public sealed class CallbackUrl(IOptions<CallbackOptions> options)
{
    // What of the idempotency key stands in the token, before this.
    private const char AfterMark = '.';
    private const int MarkLength = 8;

    /// <summary>Whether Clipia can reach the app.</summary>
    public bool IsReachable => options.Value.PublicBaseUrl is not null;

    /// <summary>The address for an instance, or <c>null</c> where nobody can reach the app.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="idempotencyKey">The key under which its request is sent.</param>
    public Uri? For(string instanceId, string idempotencyKey)
    {
        if (options.Value.PublicBaseUrl is not { } root)
            return null;
        var address = $"{root.AbsoluteUri.TrimEnd('/')}/api/webhooks/clipia/{instanceId}/{Token(instanceId, MarkOf(idempotencyKey), options.Value.Key)}";
        return new Uri(address);
    }

    /// <summary>Whether the token was made for that instance, with the current or the previous key. Takes constant time.</summary>
    public bool IsGenuine(string instanceId, string token)
    {
        var given = Encoding.UTF8.GetBytes(token);
        var mark = token.IndexOf(AfterMark, StringComparison.Ordinal) is var end and >= 0 ? token[..end] : "";
        var genuine = false;
        foreach (var key in new[] { options.Value.Key, options.Value.PreviousKey })
            genuine |= key.Length > 0
                & CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Token(instanceId, mark, key)));
        return genuine;
    }

    /// <summary>Whether a genuine token was made for the request of that key. Those of earlier releases tell no request.</summary>
    public static bool IsOf(string token, string idempotencyKey) =>
        !token.Contains(AfterMark, StringComparison.Ordinal) || token.StartsWith(MarkOf(idempotencyKey) + AfterMark, StringComparison.Ordinal);

    private static string MarkOf(string idempotencyKey) => idempotencyKey[..Math.Min(idempotencyKey.Length, MarkLength)];

    private static string Token(string instanceId, string mark, string key)
    {
        var prefix = mark.Length == 0 ? "" : mark + AfterMark;
        return prefix + Base64Url.EncodeToString(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(prefix + instanceId)));
    }
}
