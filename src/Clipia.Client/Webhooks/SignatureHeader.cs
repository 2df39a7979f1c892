using System.Globalization;

namespace Clipia;

/// <summary>The two parts of <c>X-Clipia-Signature</c> that matter: <c>t=1717243200,v1=6308f9…</c>.</summary>
/// <param name="Time">The digits as they were signed.</param>
/// <param name="SignedAt">The same as an instant.</param>
/// <param name="Mac">The claimed HMAC, 32 bytes.</param>
internal readonly record struct SignatureHeader(string Time, DateTimeOffset SignedAt, byte[] Mac)
{
    private const int MacLength = 32;
    private const int LongestHeader = 1024;

    // Ten digits reach the year 2286.
    private const int LongestTime = 10;

    /// <summary>
    /// Spaces and unknown parts are fine. Exactly one <c>t</c>, plain digits; of several <c>v1</c> the last counts, as in the
    /// official verifiers. Servers and proxies join header lines of one name with commas, so a value that is the same parts over
    /// and over is one header line that arrived several times, and counts as one. Lines that differ have two <c>t</c>.
    /// </summary>
    public static bool TryParse(string header, out SignatureHeader parsed)
    {
        parsed = default;
        if (header.Length > LongestHeader)
            return false;

        string? time = null, signature = null;
        foreach (var part in WithoutRepeatedLines(header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var equals = part.IndexOf('=');
            if (equals < 0)
                continue;
            var value = part[(equals + 1)..].Trim();
            switch (part[..equals].Trim())
            {
                case "t" when time is not null: return false;
                case "t": time = value; break;
                case "v1": signature = value; break;
            }
        }
        if (time is not { Length: <= LongestTime } || signature is not { Length: 2 * MacLength }
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;

        var mac = new byte[MacLength];
        if (Convert.FromHexString(signature, mac, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        parsed = new SignatureHeader(time, DateTimeOffset.FromUnixTimeSeconds(seconds), mac);
        return true;
    }

    private static ReadOnlySpan<string> WithoutRepeatedLines(string[] parts)
    {
        var second = Array.IndexOf(parts, parts.FirstOrDefault(), Math.Min(1, parts.Length));
        if (second <= 0 || parts.Length % second != 0)
            return parts;
        for (var at = second; at < parts.Length; at++)
        {
            if (parts[at] != parts[at - second])
                return parts;
        }

        return parts.AsSpan(0, second);
    }
}
