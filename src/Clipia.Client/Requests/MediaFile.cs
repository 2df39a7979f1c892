namespace Clipia;

/// <summary>One file of an output. Fetched without credentials; the address may expire.</summary>
/// <param name="Kind">Still, clip, or something else.</param>
/// <param name="Url">The rendition for display, usually WebP for stills.</param>
/// <param name="OriginalUrl">Full quality, when there is one.</param>
/// <param name="Width">In pixels, when told.</param>
/// <param name="Height">In pixels, when told.</param>
/// <param name="DurationSeconds">In seconds, for clips, when told.</param>
public sealed record MediaFile(MediaKind Kind, Uri Url, Uri? OriginalUrl, int? Width, int? Height, double? DurationSeconds)
{
    /// <summary>The one to download: full quality where given.</summary>
    public Uri BestUrl => OriginalUrl ?? Url;
}
