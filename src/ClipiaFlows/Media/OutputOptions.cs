using System.ComponentModel.DataAnnotations;
using Clipia.Shared;

namespace ClipiaFlows.Media;

/// <summary>Where outputs are stored. Bound from the <c>Outputs</c> section; without it, in the app's own account.</summary>
public sealed class OutputOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Outputs";

    /// <summary>Connection string of the account for outputs.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Name of the account for outputs, reached by the app's identity.</summary>
    public string AccountName { get; set; } = "";

    /// <summary>The container. Default <c>outputs</c>.</summary>
    [Required, RegularExpression("^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}$", ErrorMessage =
        "Outputs:Container must be a container name: 3 to 63 lower-case letters, digits and single hyphens.")]
    public string Container { get; set; } = "outputs";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SecretText.FlawOfText(ConnectionString) is { } flaw)
            yield return new($"Outputs:ConnectionString {flaw}; set it to the connection string alone.");
    }
}
