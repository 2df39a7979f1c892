using System.ComponentModel.DataAnnotations;

namespace ClipiaFlows.Production;

/// <summary>What no batch of this app may pass. Bound from the <c>Limits</c> section.</summary>
public sealed class LimitOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Limits";

    /// <summary>
    /// The highest budget of a batch, in credits, and the budget of those whose manifest gives none. Above 0; null, the default, for
    /// no limit.
    /// </summary>
    public decimal? MaxBudgetCredits { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxBudgetCredits <= 0)
            yield return new($"{Section}:{nameof(MaxBudgetCredits)} must be a number of credits above 0, or empty for no limit.", [nameof(MaxBudgetCredits)]);
    }
}
