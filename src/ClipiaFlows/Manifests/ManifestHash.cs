using System.Security.Cryptography;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Tells whether two manifests are the same, however they are formatted and in whatever order their fields stand.</summary>
/// <remarks>
/// SHA-256, in lower-case hex, of the JSON with sorted keys and without white space; of JSON Lines, of their lines in order.
/// Numbers count as written: <c>1</c> and <c>1.0</c> differ. Meant for manifests that were read without problems.
/// </remarks>
public sealed class ManifestHash : IDisposable
{
    private const int FlushAt = 64 * 1024;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashStream _stream;
    private readonly Utf8JsonWriter _writer;
    private bool _isFirst = true;

    /// <summary>The hash of nothing yet.</summary>
    public ManifestHash()
    {
        _stream = new(_sha256);
        _writer = new(_stream);
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The hash of one JSON text.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static string Of(ReadOnlyMemory<byte> utf8) =>
        Of(JsonElement.Parse(utf8.Span.StartsWith(ByteOrderMark) ? utf8.Span[ByteOrderMark.Length..] : utf8.Span));

    /// <summary>The hash of one JSON value.</summary>
    public static string Of(JsonElement element)
    {
        using var hash = new ManifestHash();
        hash.Add(element);
        return hash.Finish();
    }

    /// <summary>Takes one more JSON value.</summary>
    public void Add(JsonElement element)
    {
        if (!_isFirst)
            _sha256.AppendData("\n"u8);
        _isFirst = false;
        Write(element);
        _writer.Flush();
        _writer.Reset();
    }

    /// <summary>The hash of all that was taken.</summary>
    public string Finish() => Convert.ToHexStringLower(_sha256.GetHashAndReset());

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Dispose();
        _stream.Dispose();
        _sha256.Dispose();
    }

    private void Write(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                _writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    _writer.WritePropertyName(member.Name);
                    Write(member.Value);
                }

                _writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                _writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item);
                _writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                _writer.WriteStringValue(element.GetString());
                break;
            default:
                element.WriteTo(_writer);
                break;
        }

        if (_writer.BytesPending > FlushAt)
            _writer.Flush();
    }
}
