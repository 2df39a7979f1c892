using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClipiaFlows.Production;

/// <summary>The idempotency key of an attempt.</summary>
public static class IdempotencyKey
{
    /// <summary>
    /// The key: a UUID in version 4's shape, as the API's own clients send (clipia-api.md section 8), derived so that every
    /// repetition of the same attempt has the same one. It says nothing about the job.
    /// </summary>
    public static string For(string seed, string batch, int n, int attempt)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{seed}|{batch}|{n}|{attempt}");
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes[..16], bigEndian: true).ToString("D");
    }
}
