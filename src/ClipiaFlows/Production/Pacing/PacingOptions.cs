using System.ComponentModel.DataAnnotations;

namespace ClipiaFlows.Production.Pacing;

/// <summary>What the API key allows, until the API itself says otherwise. Bound from the <c>Pacing</c> section.</summary>
public sealed class PacingOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Pacing";

    /// <summary>Generations at a time of one key. Default 10 (clipia-api.md section 10); 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 10;

    /// <summary>Requests a minute of one key. Default 120 (clipia-api.md section 10); 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int RequestsPerMinute { get; set; } = 120;
}
