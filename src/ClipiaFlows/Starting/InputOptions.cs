using System.ComponentModel.DataAnnotations;

namespace ClipiaFlows.Starting;

/// <summary>Where manifests lie that are too large for a request. Bound from the <c>Inputs</c> section.</summary>
public sealed class InputOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Inputs";

    /// <summary>The container of the app's own account. Default <c>inputs</c>; created at start-up.</summary>
    [Required, RegularExpression("^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$")]
    public string Container { get; set; } = "inputs";
}
