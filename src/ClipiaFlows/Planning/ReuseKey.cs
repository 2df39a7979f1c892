using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClipiaFlows.Planning;

/// <summary>Tells whether two jobs would produce the same, so that one may take the output of the other.</summary>
public static class ReuseKey
{
    /// <summary>
    /// SHA-256, in lower-case hex, of the model, the canonical input (sorted keys, numbers in one form) and the replica. Equal
    /// keys mean equal jobs; ids, paths, priorities and what a job merely waits for do not count.
    /// </summary>
    /// <param name="model">The model's slug, as the catalogue writes it.</param>
    /// <param name="resolvedInputWithUpstreamHashes">
    /// The input with something in the place of every reference that says what the output referred to is, such as the SHA-256
    /// of its file: addresses differ even where files are the same.
    /// </param>
    /// <param name="replica"><see cref="PlannedJob.Replica"/>.</param>
    public static string Of(string model, JsonElement resolvedInputWithUpstreamHashes, int replica) =>
        Of(model, resolvedInputWithUpstreamHashes, replica, text => text);

    internal static string Of(string model, JsonElement input, int replica, Func<string, string> text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(model);
            writer.WriteNumberValue(replica);
            CanonicalInput.Write(input, writer, text);
            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }
}
