using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>The genuine library's version-5 UUIDs: from instance, time of the turn and a counter.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] Namespace =
        new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Create(string instanceId, DateTime turn, int counter)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{turn:o}_{counter}");
#pragma warning disable CA5350 // Version 5 is defined by SHA-1; nothing is protected by it.
        var hash = SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
