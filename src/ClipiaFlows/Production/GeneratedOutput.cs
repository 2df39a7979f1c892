using System.Text.Json;
using Clipia;

namespace ClipiaFlows.Production;

/// <summary>The output object of a finished generation, as a row keeps it for copying and for the jobs that refer to it.</summary>
internal static class GeneratedOutput
{
    // A text column takes 32,768 characters.
    private const int LongestColumn = 30_000;

    /// <summary>The output as it came; when it is too long for a column, only its files.</summary>
    public static string Storable(JsonElement output, IReadOnlyList<MediaFile> files)
    {
        var text = output.GetRawText();
        if (text.Length <= LongestColumn)
            return text;

        var images = files.Where(file => file.Kind is MediaKind.Image).Select(Short);
        var video = files.Where(file => file.Kind is MediaKind.Video).Select(Short).FirstOrDefault();
        return JsonSerializer.Serialize(new { images, video });
    }

    private static Dictionary<string, string?> Short(MediaFile file) => new()
    {
        ["url"] = file.Url.AbsoluteUri,
        ["original_url"] = file.OriginalUrl?.AbsoluteUri,
    };
}
