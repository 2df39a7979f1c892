using System.ComponentModel.DataAnnotations;

namespace ClipiaFlows.Media;

/// <summary>What may be fetched. Bound from the <c>Media</c> section.</summary>
public sealed class MediaOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Media";

    /// <summary>
    /// Hosts that outputs are fetched from, separated by commas or spaces; <c>.example.com</c> allows every host below it.
    /// Default: Clipia's media host (clipia-api.md section 1). The origin of a loopback <c>Clipia:BaseUrl</c> is allowed too.
    /// </summary>
    [Required]
    public string AllowedHosts { get; set; } = "media.clipia.ai";

    /// <summary>The largest file that is fetched, in bytes. Default 1 GiB; 1 KiB to 8 GiB.</summary>
    [Range(1024L, 8L * 1024 * 1024 * 1024)]
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Time for one file, in seconds. Default 180 (clipia-api.md section 16); 1 to 3,600.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 180;
}
