using System.Globalization;

namespace Clipia.Emulator;

/// <summary>
/// File names under /media. Pictures: {request}-{n}.png, and {request}-{n}-display.webp as a smaller rendition; videos:
/// {request}.mp4; test keys get the samples.
/// </summary>
internal static class MediaName
{
    public const string SampleImage = "sample.png";
    public const string SampleVideo = "sample.mp4";

    public static string Image(string requestId, int index) => string.Create(CultureInfo.InvariantCulture, $"{requestId}-{index}.png");

    private const string DisplaySuffix = "-display.webp";

    /// <summary>The smaller rendition of a picture.</summary>
    public static string Display(string image) => Path.GetFileNameWithoutExtension(image) + DisplaySuffix;

    /// <summary>The picture that a name is a rendition of; otherwise the name itself.</summary>
    public static string Original(string name) =>
        name.EndsWith(DisplaySuffix, StringComparison.Ordinal) ? name[..^DisplaySuffix.Length] + ".png" : name;

    public static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".mp4" => "video/mp4",
        ".webp" => "image/webp",
        _ => "image/png",
    };

    public static string Video(string requestId) => requestId + ".mp4";

    /// <summary>Finds request and picture number in a name. False when the name is none of these.</summary>
    public static bool TryParse(string name, out string requestId, out int index, out bool isVideo)
    {
        (requestId, index, isVideo) = ("", 0, name.EndsWith(".mp4", StringComparison.Ordinal));
        var stem = Path.GetFileNameWithoutExtension(name);
        if (isVideo)
        {
            requestId = stem;
            return Guid.TryParseExact(stem, "D", out _);
        }
        var dash = stem.LastIndexOf('-');
        if (dash < 0 || Path.GetExtension(name) != ".png" || !int.TryParse(stem[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            return false;
        requestId = stem[..dash];
        // One name for each picture: a file is kept under the name that it was asked by.
        if (name != Image(requestId, index))
            return false;
        return Guid.TryParseExact(requestId, "D", out _);
    }
}
