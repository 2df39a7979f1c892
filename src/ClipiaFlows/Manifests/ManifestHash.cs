using System.Security.Cryptography;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Tells whether two manifests are the same, however they are formatted and in whatever order their fields stand.</summary>
public static class ManifestHash
{
    private const int FlushAt = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// SHA-256, in lower-case hex, of the JSON with sorted keys and without white space. Numbers count as written:
    /// <c>1</c> and <c>1.0</c> differ. Meant for manifests that were read without problems.
    /// </summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static string Of(ReadOnlyMemory<byte> utf8)
    {
        var text = utf8.Span.StartsWith(ByteOrderMark) ? utf8.Span[ByteOrderMark.Length..] : utf8.Span;
        using var sha256 = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write))
        using (var writer = new Utf8JsonWriter(stream))
            Write(JsonElement.Parse(text), writer);
        return Convert.ToHexStringLower(sha256.Hash!);
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                element.WriteTo(writer);
                break;
        }

        if (writer.BytesPending > FlushAt)
            writer.Flush();
    }
}
