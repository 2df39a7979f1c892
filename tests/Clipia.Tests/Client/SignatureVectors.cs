using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Clipia.Tests.Client;

/// <summary>One delivery's signature: the values of the header as they are sent, and whether they are good.</summary>
internal sealed record SignatureVector(string Name, string[] Headers, bool IsGood);

/// <summary>
/// Signatures in every form that a sender, an attacker or a broken proxy could give them, for whatever secret, time and
/// body. The MAC is computed here with another construction than the verifier's.
/// </summary>
internal static class SignatureVectors
{
    public static IReadOnlyList<SignatureVector> For(string secret, string previous, byte[] body, DateTimeOffset now)
    {
        var t = now.ToUnixTimeSeconds();
        var mac = Mac(secret, t, body);
        var other = Mac(secret, t, [.. body, (byte)' ']);
        List<SignatureVector> all = [];
        void Good(string name, params string[] headers) => all.Add(new(name, headers, true));
        void Bad(string name, params string[] headers) => all.Add(new(name, headers, false));

        Good("plain", $"t={t},v1={mac}");
        Good("the other way round", $"v1={mac},t={t}");
        Good("spaces", $" t = {t} , v1 = {mac} ");
        Good("other schemes beside it", $"t={t},v0=abc,v1={mac},v2=def,kid=k1");
        Good("empty parts", $",,t={t},,v1={mac},,");
        Good("a part without a name", $"t={t},nonsense,v1={mac}");
        Good("capitals", $"t={t},v1={mac.ToUpperInvariant()}");
        Good("capitals here and there", $"t={t},v1={mac[..8].ToUpperInvariant()}{mac[8..]}");
        Good("the last of two", $"t={t},v1={other},v1={mac}");
        Good("the last of two, the first none", $"t={t},v1=zz,v1={mac}");
        Good("in two headers", $"t={t}", $"v1={mac}");
        Good("the same line twice", $"t={t},v1={mac}", $"t={t},v1={mac}");
        Good("the same line three times", $"t={t},v1={mac}", $"t={t},v1={mac}", $"t={t},v1={mac}");
        Good("the same line twice, joined by a proxy", $"t={t},v1={mac}, t={t},v1={mac}");
        Good("the same line twice, with other spaces", $"t={t}, v1={mac}", $" t={t},v1={mac} ");
        Good("the same line twice, the time last", $"v1={mac},t={t}", $"v1={mac},t={t}");
        Good("the same line twice, other schemes beside it", $"t={t},v0=abc,v1={mac}", $"t={t},v0=abc,v1={mac}");
        Good("the same line twice, with two MACs", $"t={t},v1={other},v1={mac}", $"t={t},v1={other},v1={mac}");
        Good("an empty line beside it", "", $"t={t},v1={mac}");
        Good("the previous secret", $"t={t},v1={Mac(previous, t, body)}");
        Good("four minutes old", Signed(secret, t - 240, body));
        Good("four minutes ahead", Signed(secret, t + 240, body));

        Bad("no header");
        Bad("an empty header", "");
        Bad("nothing but spaces", "  ");
        Bad("nothing but a comma", ",");
        Bad("nothing but an equals sign", "=");
        Bad("no form at all", "nonsense");
        Bad("a bearer token", "Bearer " + mac);
        Bad("no time", $"v1={mac}");
        Bad("no MAC", $"t={t}");
        Bad("an empty MAC", $"t={t},v1=");
        Bad("an empty time", $"t=,v1={mac}");
        Bad("a capital T", $"T={t},v1={mac}");
        Bad("a capital V", $"t={t},V1={mac}");
        Bad("semicolons", $"t={t};v1={mac}");
        Bad("another scheme only", $"t={t},v0={mac}");
        Bad("two times", $"t={t},t={t},v1={mac}");
        Bad("a forged line after", $"t={t},v1={mac}", $"t={t},v1={other}");
        Bad("a line of another second", $"t={t},v1={mac}", Signed(secret, t - 1, body));
        Bad("a line of another secret", $"t={t},v1={mac}", $"t={t},v1={Mac(previous, t, body)}");
        Bad("the same line twice and half of a third", $"t={t},v1={mac}", $"t={t},v1={mac}", $"t={t}");
        Bad("the same line twice, the second the other way round", $"t={t},v1={mac}", $"v1={mac},t={t}");
        Bad("a forged line twice", $"t={t},v1={other}", $"t={t},v1={other}");
        Bad("the same old line twice", Signed(secret, t - 360, body), Signed(secret, t - 360, body));
        Bad("a forged line before", $"t={t},v1={other}", $"t={t},v1={mac}");
        Bad("a plus", $"t=+{t},v1={mac}");
        Bad("a minus", $"t=-{t},v1={mac}");
        Bad("a fraction", $"t={t}.0,v1={mac}");
        Bad("an exponent", $"t=1.7e9,v1={mac}");
        Bad("hexadecimal", $"t=0x{t:x},v1={mac}");
        Bad("thousands", $"t={t.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '_')},v1={mac}");
        Bad("a zero before", $"t=0{t},v1={mac}");
        Bad("eleven digits", $"t={t}0,v1={mac}");
        Bad("milliseconds", $"t={t}000,v1={Mac(secret, t * 1000, body)}");
        Bad("more than 64 bits", $"t=99999999999999999999999,v1={mac}");
        Bad("a time that is no time", $"t=now,v1={mac}");
        Bad("a time in quotes", $"t=\"{t}\",v1={mac}");
        Bad("one digit too few", $"t={t},v1={mac[..63]}");
        Bad("one digit too many", $"t={t},v1={mac}0");
        Bad("one byte too many", $"t={t},v1={mac}00");
        Bad("a byte", $"t={t},v1={mac[..2]}");
        Bad("letters that are no digits", $"t={t},v1=zz{mac[2..]}");
        Bad("a prefix", $"t={t},v1=0x{mac[2..]}");
        Bad("a MAC in quotes", $"t={t},v1=\"{mac}\"");
        Bad("Base64", $"t={t},v1={Convert.ToBase64String(Convert.FromHexString(mac))}");
        Bad("an empty one after", $"t={t},v1={mac},v1=");
        Bad("a wrong one after", $"t={t},v1={mac},v1={other}");
        Bad("no form after", $"t={t},v1={mac},v1=zz");
        Bad("nothing but zeros", $"t={t},v1={new string('0', 64)}");
        Bad("the last bit", $"t={t},v1={mac[..63]}{(mac[63] == '0' ? '1' : '0')}");
        Bad("the first bit", $"t={t},v1={(mac[0] == '0' ? '1' : '0')}{mac[1..]}");
        Bad("the MAC backwards", $"t={t},v1={new string([.. mac.Reverse()])}");
        Bad("another body", $"t={t},v1={other}");
        Bad("no body", $"t={t},v1={Mac(secret, t, [])}");
        Bad("another second", $"t={t + 1},v1={mac}");
        Bad("another secret", Signed("whsec_of_somebody_else", t, body));
        Bad("the secret without its prefix", Signed(secret.Replace("whsec_", "", StringComparison.Ordinal), t, body));
        Bad("the secret in capitals", Signed(secret.ToUpperInvariant(), t, body));
        Bad("an empty secret", Signed("", t, body));
        Bad("the body without the time", $"t={t},v1={Hex(secret, body)}");
        Bad("another separator", $"t={t},v1={Hex(secret, [.. Encoding.ASCII.GetBytes($"{t}:"), .. body])}");
        Bad("SHA-384", $"t={t},v1={Convert.ToHexStringLower(HMACSHA384.HashData(Encoding.UTF8.GetBytes(secret), body))}");
        Bad("SHA-512", $"t={t},v1={Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), body))}");
        Bad("no key", $"t={t},v1={Convert.ToHexStringLower(SHA256.HashData(body))}");
        Bad("six minutes old", Signed(secret, t - 360, body));
        Bad("six minutes ahead", Signed(secret, t + 360, body));
        Bad("a year old", Signed(secret, t - 31_536_000, body));
        Bad("from 1970", Signed(secret, 0, body));
        Bad("from 2286", Signed(secret, 9_999_999_999, body));
        Bad("a long header", $"t={t},v1={mac}{new string(',', 2000)}");
        Bad("a thousand parts", $"t={t},{string.Concat(Enumerable.Repeat("v1=0,", 300))}v1={mac}");
        return all;
    }

    private static string Signed(string secret, long time, byte[] body) => $"t={time},v1={Mac(secret, time, body)}";

    private static string Mac(string secret, long time, byte[] body) => Hex(secret, [.. Encoding.ASCII.GetBytes($"{time}."), .. body]);

    private static string Hex(string secret, byte[] bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), bytes));
}
