namespace ClipiaFlows.Media;

/// <summary>A kind of file that outputs may have, known by its first bytes and not by what a server calls it.</summary>
/// <param name="ContentType">The media type.</param>
/// <param name="Extension">The extension of stored files, without the dot.</param>
public sealed record MediaType(string ContentType, string Extension)
{
    /// <summary>How many bytes <see cref="Recognize"/> needs at most.</summary>
    public const int SignatureLength = 16;

    private static readonly MediaType Png = new("image/png", "png");
    private static readonly MediaType Jpeg = new("image/jpeg", "jpg");
    private static readonly MediaType Gif = new("image/gif", "gif");
    private static readonly MediaType WebP = new("image/webp", "webp");
    private static readonly MediaType Avif = new("image/avif", "avif");
    private static readonly MediaType Mp4 = new("video/mp4", "mp4");
    private static readonly MediaType QuickTime = new("video/quicktime", "mov");
    private static readonly MediaType WebM = new("video/webm", "webm");

    private const string Application = "application/";

    // What servers and stores say of a file whose type they do not know.
    private static readonly HashSet<string> MeaningNothing = new(
        ["application/octet-stream", "binary/octet-stream", "application/octetstream", "application/binary", "application/x-binary",
            "application/download", "application/x-download", "application/force-download", "application/unknown", "text/plain"],
        StringComparer.OrdinalIgnoreCase);

    // After "application/" and "application/x-".
    private static readonly string[] NamesOfVideos = ["mp4", "m4v", "quicktime", "quicktimeplayer", "webm", "matroska"];
    private static readonly string[] NamesOfPictures = ["png", "jpg", "jpeg", "gif", "webp", "avif"];

    private static readonly MediaType[] All = [Png, Jpeg, Gif, WebP, Avif, Mp4, QuickTime, WebM];

    /// <summary>The kind of a file that was stored with that media type.</summary>
    /// <exception cref="ArgumentException">No file is stored with it.</exception>
    public static MediaType Of(string contentType) => Array.Find(All, type => type.ContentType == contentType)
        ?? throw new ArgumentException($"'{contentType}' is no media type of stored files.", nameof(contentType));

    /// <summary>The kind of file that starts with these bytes, or <c>null</c> for one that is not kept.</summary>
    public static MediaType? Recognize(ReadOnlySpan<byte> start) => start switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP,
        [0x1A, 0x45, 0xDF, 0xA3, ..] => WebM,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] => OfBrand(brand),
        // QuickTime files from before there were brands start with their index, their content or a filler.
        [_, _, _, _, .. var atom] when atom.StartsWith("moov"u8) || atom.StartsWith("mdat"u8) || atom.StartsWith("wide"u8) => QuickTime,
        _ => null,
    };

    /// <summary>
    /// Whether a server's name for the file agrees: the same group, one of the group's registered or customary names, or none
    /// that means anything. An HTML page sent as an image, or an image sent as HTML, does not.
    /// </summary>
    public bool AgreesWith(string? claimed)
    {
        if (claimed is null || MeaningNothing.Contains(claimed) || claimed.StartsWith(Group, StringComparison.OrdinalIgnoreCase))
            return true;
        if (!claimed.StartsWith(Application, StringComparison.OrdinalIgnoreCase))
            return false;
        var name = claimed[Application.Length..];
        return (Group is "video/" ? NamesOfVideos : NamesOfPictures)
            .Contains(name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) ? name[2..] : name, StringComparer.OrdinalIgnoreCase);
    }

    private string Group => ContentType[..(ContentType.IndexOf('/', StringComparison.Ordinal) + 1)];

    private static MediaType OfBrand(ReadOnlySpan<byte> brand) => brand switch
    {
        [(byte)'a', (byte)'v', (byte)'i', (byte)'f', ..] => Avif,
        [(byte)'q', (byte)'t', ..] => QuickTime,
        _ => Mp4,
    };
}
