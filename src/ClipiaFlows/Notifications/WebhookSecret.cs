namespace ClipiaFlows.Notifications;

/// <summary>The secret of outgoing webhooks in the written form of Standard Webhooks: <c>whsec_</c> and Base64.</summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int ShortestKey = 24;
    private const int LongestKey = 64;

    /// <summary>Reads the key that it stands for; <c>false</c> when it is malformed. Never throws.</summary>
    public static bool TryRead(string secret, out byte[] key)
    {
        var buffer = new byte[secret.Length];
        var isRead = secret.StartsWith(Prefix, StringComparison.Ordinal)
            & Convert.TryFromBase64String(secret[Math.Min(Prefix.Length, secret.Length)..], buffer, out var length);
        key = isRead ? buffer[..length] : [];
        return isRead && length is >= ShortestKey and <= LongestKey;
    }
}
