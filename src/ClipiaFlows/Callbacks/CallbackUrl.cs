using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Callbacks;

/// <summary>
/// The address that a submission names for its delivery: it carries the instance and a token that only we can make, since
/// Clipia's signature covers the body but not the address.
/// </summary>
public sealed class CallbackUrl(IOptions<CallbackOptions> options)
{
    /// <summary>The address for an instance, or <c>null</c> where nobody can reach the app.</summary>
    public Uri? For(string instanceId)
    {
        if (options.Value.PublicBaseUrl is not { } root)
            return null;
        var address = $"{root.AbsoluteUri.TrimEnd('/')}/api/webhooks/clipia/{instanceId}/{Token(instanceId, options.Value.Key)}";
        return new Uri(address);
    }

    /// <summary>Whether the token was made for that instance, with the current or the previous key. Takes constant time.</summary>
    public bool IsGenuine(string instanceId, string token)
    {
        var given = Encoding.UTF8.GetBytes(token);
        var genuine = false;
        foreach (var key in new[] { options.Value.Key, options.Value.PreviousKey })
            genuine |= key.Length > 0
                & CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Token(instanceId, key)));
        return genuine;
    }

    private static string Token(string instanceId, string key) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(instanceId)));
}
