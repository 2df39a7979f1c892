using ClipiaFlows.Production.Commands;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>E|time|operation</c>: what somebody wants of a batch. Added by HTTP handlers, deleted by Advance, which decides.</summary>
public sealed class CommandRow : Row
{
    /// <summary>The operation's id, of the caller's Idempotency-Key or random.</summary>
    public string Operation { get; set; } = "";

    /// <summary>The seed of the batch that it is for: one of the same id that follows has another.</summary>
    public string Seed { get; set; } = "";

    /// <summary>What is wanted.</summary>
    public CommandKind Kind { get; set; }

    /// <summary>For <see cref="CommandKind.Resume"/>: the new budget in credits.</summary>
    public string? BudgetCredits { get; set; }

    /// <summary>For <see cref="CommandKind.Retry"/>: a JSON array of the ids of the jobs meant; <c>null</c> for all.</summary>
    public string? JobsJson { get; set; }

    /// <summary>For <see cref="CommandKind.Retry"/>: whether jobs whose files could not be stored are paid for again instead of collected.</summary>
    public bool BuyAgain { get; set; }

    /// <summary>For <see cref="CommandKind.Delete"/>: whether the outputs go too.</summary>
    public bool WithOutputs { get; set; }
}
