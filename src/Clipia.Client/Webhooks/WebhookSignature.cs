using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Clipia;

/// <summary>
/// The signature of webhooks: HMAC-SHA256 over <c>&lt;t&gt;.&lt;body&gt;</c> under the UTF-8 bytes of the secret. Pure
/// functions of header, bytes, secrets and time; the bytes are those received, before any parsing.
/// </summary>
public static class WebhookSignature
{
    /// <summary>Name of the header that carries the signature.</summary>
    public const string HeaderName = "X-Clipia-Signature";

    /// <summary>Five minutes, as in the official clients.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Checks a delivery. Takes the same time whichever secret fits, and never throws for what came from outside.</summary>
    /// <param name="header">Value of <see cref="HeaderName"/>, or null when it was absent.</param>
    /// <param name="body">The raw bytes of the request.</param>
    /// <param name="secrets">Those that may have signed: the current one and, while rotating, the previous. Empty ones never fit.</param>
    /// <param name="now">The receiver's time.</param>
    /// <param name="tolerance">How far the signed time may be from <paramref name="now"/>, either way, inclusive.</param>
    public static SignatureCheck Verify(
        string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (string.IsNullOrWhiteSpace(header))
            return SignatureCheck.Missing;
        if (!SignatureHeader.TryParse(header, out var claimed))
            return SignatureCheck.Malformed;
        if ((now - claimed.SignedAt).Duration() > tolerance)
            return SignatureCheck.Expired;

        var fits = false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in secrets)
        {
            if (string.IsNullOrEmpty(secret))
                continue;
            Compute(claimed.Time, body, secret, expected);
            fits |= CryptographicOperations.FixedTimeEquals(expected, claimed.Mac);
        }
        return fits ? SignatureCheck.Valid : SignatureCheck.Mismatch;
    }

    /// <summary>The header value for a body, as Clipia would send it. For tests and for tools that play Clipia.</summary>
    /// <param name="body">The raw bytes of the request.</param>
    /// <param name="secret">The signing secret; not empty.</param>
    /// <param name="at">The signed time, in whole seconds; from 1970 on.</param>
    public static string Sign(ReadOnlySpan<byte> body, string secret, DateTimeOffset at)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var time = at.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(time, nameof(at));

        var text = time.ToString(CultureInfo.InvariantCulture);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(text, body, secret, mac);
        return $"t={text},v1={Convert.ToHexStringLower(mac)}";
    }

    private static void Compute(string time, ReadOnlySpan<byte> body, string secret, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(time));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        hmac.GetHashAndReset(mac);
    }
}
