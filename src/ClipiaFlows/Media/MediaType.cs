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
        _ => null,
    };

    /// <summary>
    /// Whether a server's word for the file agrees: the same group, or none that means anything. An HTML page sent as an
    /// image, or an image sent as HTML, does not.
    /// </summary>
    public bool AgreesWith(string? claimed) =>
        claimed is null or "application/octet-stream" or "binary/octet-stream"
        || claimed.StartsWith(ContentType[..(ContentType.IndexOf('/', StringComparison.Ordinal) + 1)], StringComparison.OrdinalIgnoreCase);

    private static MediaType OfBrand(ReadOnlySpan<byte> brand) => brand switch
    {
        [(byte)'a', (byte)'v', (byte)'i', (byte)'f', ..] => Avif,
        [(byte)'q', (byte)'t', ..] => QuickTime,
        _ => Mp4,
    };
}
