using System.Text.Json;

namespace Clipia;

/// <summary>
/// The files of an output, in its order. <c>images[]</c> and <c>video</c> are documented; anything else that holds an
/// address is taken as <see cref="MediaKind.Other"/>, since sound and slides are generated but not documented.
/// </summary>
public static class MediaFiles
{
    /// <summary>Reads the files of an <c>output</c> object; none when it is missing or no object.</summary>
    public static IReadOnlyList<MediaFile> Read(JsonElement? output) =>
        output is { ValueKind: JsonValueKind.Object } places
            ? [.. places.EnumerateObject().SelectMany(place => ReadPlace(Kind(place.Name), place.Value))]
            : [];

    private static IEnumerable<MediaFile> ReadPlace(MediaKind kind, JsonElement place) =>
        (place.ValueKind == JsonValueKind.Array ? place.EnumerateArray() : Enumerable.Repeat(place, 1))
            .Select(entry => ReadFile(kind, entry))
            .OfType<MediaFile>();

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
