using System.Globalization;
using System.Text.Json;

namespace Clipia;

/// <summary>
/// The files of an output, in its order. <c>images[]</c> and <c>video</c> are documented; anything else that holds an
/// address is taken as <see cref="MediaKind.Other"/>, since sound and slides are generated but not documented.
/// </summary>
public static class MediaFiles
{
    /// <summary>Reads the files of an <c>output</c> object; none when it is missing or no object.</summary>
    public static IReadOnlyList<MediaFile> Read(JsonElement? output) => [.. Places(output).Select(place => place.File).OfType<MediaFile>()];

    /// <summary>
    /// The places of an <c>output</c> object where files stand, such as <c>images[0]</c> or <c>video</c>, each with its file;
    /// <c>null</c> for a file whose address is no http or https address that can be read.
    /// </summary>
    public static IEnumerable<(string Place, MediaFile? File)> Places(JsonElement? output)
    {
        if (output is not { ValueKind: JsonValueKind.Object } members)
            yield break;
        foreach (var member in members.EnumerateObject())
        {
            var kind = Kind(member.Name);
            var isList = member.Value.ValueKind is JsonValueKind.Array;
            foreach (var (index, entry) in (isList ? member.Value.EnumerateArray() : Enumerable.Repeat(member.Value, 1)).Index())
            {
                var file = ReadFile(kind, entry);
                if (file is not null || IsMeantAsFile(kind, entry, isList))
                    yield return (isList ? string.Create(CultureInfo.InvariantCulture, $"{member.Name}[{index}]") : member.Name, file);
            }
        }
    }

    /// <summary>What is documented as a list holds files only; elsewhere an empty place is one that this output does not have.</summary>
    private static bool IsMeantAsFile(MediaKind kind, JsonElement entry, bool isList) =>
        (kind is not MediaKind.Other && (isList || entry.ValueKind is JsonValueKind.String))
        || (entry.Field("url") ?? entry.Field("original_url")) is not null;

    private static MediaFile? ReadFile(MediaKind kind, JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.String)
            return entry.AsLink() is { } link ? new MediaFile(kind, link, null, null, null, null) : null;

        var original = entry.Link("original_url");
        return (entry.Link("url") ?? original) is { } url
            ? new MediaFile(kind, url, original, entry.Integer("width"), entry.Integer("height"), entry.Number("duration"))
            : null;
    }

    private static MediaKind Kind(string place) => place switch
    {
        "images" or "image" => MediaKind.Image,
        "video" or "videos" => MediaKind.Video,
        _ => MediaKind.Other,
    };
}
