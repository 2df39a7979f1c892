using System.Buffers;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>The forms of a manifest.</summary>
public enum ManifestFormat
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>JSON Lines: one job a line, the first line everything else, if there is anything else to say.</summary>
    JsonLines,
}

/// <summary>Tells the forms of a manifest apart.</summary>
public static class ManifestFormats
{
    /// <summary>The form that a content type names; null when it leaves that open.</summary>
    public static ManifestFormat? Of(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines"
            or "application/json-lines" or "application/jsonlines" => ManifestFormat.JsonLines,
        _ => null,
    };

    /// <summary>
    /// The form by the beginning of the text: JSON Lines when its first line is a whole object and something follows.
    /// </summary>
    /// <returns>Null when more of the text must be seen.</returns>
    internal static ManifestFormat? Detect(ReadOnlySequence<byte> beginning, bool isWhole)
    {
        var text = JsonLines.WithoutMark(beginning);
        while (text.PositionOf((byte)'\n') is { } end)
        {
            var line = text.Slice(0, end);
            text = text.Slice(text.GetPosition(1, end));
            if (JsonLines.IsBlank(line))
                continue;
            if (!IsWholeObject(line))
                return ManifestFormat.Json;
            if (!JsonLines.IsBlank(text))
                return ManifestFormat.JsonLines;
            return isWhole ? ManifestFormat.Json : null;
        }

        return isWhole || text.Length > ManifestLimits.MaxLineBytes ? ManifestFormat.Json : null;
    }

    private static bool IsWholeObject(ReadOnlySequence<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new() { MaxDepth = ManifestLimits.MaxDepth + 1 });
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
