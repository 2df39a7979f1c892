using System.ComponentModel.DataAnnotations;

namespace ClipiaFlows.Retention;

/// <summary>How long batches that have ended are kept. Bound from the <c>Retention</c> section.</summary>
public sealed class RetentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Retention";

    /// <summary>Days after a batch's end until it is deleted: rows, papers and instances. Default 0: never. At most 3,650.</summary>
    [Range(0.0, 3650.0)]
    public double Days { get; set; }

    /// <summary>Whether its outputs are deleted with it. Default: they stay.</summary>
    public bool WithOutputs { get; set; }
}
