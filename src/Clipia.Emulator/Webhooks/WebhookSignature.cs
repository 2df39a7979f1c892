using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Clipia.Emulator;

/// <summary>Signs a webhook body as section 11.2 of the contract says.</summary>
internal static class WebhookSignature
{
    public static string Sign(ReadOnlySpan<byte> body, string secret, long unixSeconds)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(unixSeconds.ToString(CultureInfo.InvariantCulture) + "."));
        hash.AppendData(body);
        return string.Create(CultureInfo.InvariantCulture, $"t={unixSeconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }
}
