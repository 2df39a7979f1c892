using ClipiaFlows.Manifests;
using ClipiaFlows.Production;

namespace ClipiaFlows.Starting;

/// <summary>What came of a manifest that was handed over.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>It runs, or ran already: the same id and the same manifest are the same batch.</summary>
    /// <param name="Batch">The batch's id.</param>
    /// <param name="State">Where it stands.</param>
    /// <param name="Jobs">How many jobs it has.</param>
    public sealed record Accepted(string Batch, BatchState State, int Jobs) : StartOutcome
    {
        /// <summary>What probably wastes credits; none for a batch that had been accepted before.</summary>
        public IReadOnlyList<ManifestWarning> Warnings { get; init; } = [];
    }

    /// <summary>It cannot run; nothing was stored and nothing spent.</summary>
    /// <param name="Problems">Everything that is wrong with it.</param>
    public sealed record Invalid(IReadOnlyList<ManifestProblem> Problems) : StartOutcome;

    /// <summary>It has warnings, and the caller wants none; nothing was stored and nothing spent.</summary>
    /// <param name="Warnings">All of them.</param>
    public sealed record WarningsRefused(IReadOnlyList<ManifestWarning> Warnings) : StartOutcome;

    /// <summary>Its budget is above the highest that the settings allow; nothing was stored and nothing spent.</summary>
    /// <param name="Budget">The manifest's budget.</param>
    /// <param name="Highest">The highest budget.</param>
    public sealed record BudgetAboveLimit(decimal Budget, decimal Highest) : StartOutcome;

    /// <summary>The id belongs to a batch of another manifest.</summary>
    /// <param name="Batch">The batch's id.</param>
    public sealed record Conflict(string Batch) : StartOutcome;

    /// <summary>The batch of that id is being deleted, and the id is free again in a moment.</summary>
    /// <param name="Batch">The batch's id.</param>
    public sealed record BeingDeleted(string Batch) : StartOutcome;

    /// <summary>The manifest does not plan and price to what the caller agreed to any more; nothing was stored.</summary>
    /// <param name="Agreed">The hash that the caller gave.</param>
    /// <param name="Now">The hash that it has now.</param>
    public sealed record OtherPlan(string Agreed, string Now) : StartOutcome;

    /// <summary>Prices are missing, so that nobody can tell whether it is still the agreed plan; nothing was stored.</summary>
    /// <param name="GoOnAfter">How long to wait before the same call goes on.</param>
    public sealed record Unpriced(TimeSpan GoOnAfter) : StartOutcome;
}
