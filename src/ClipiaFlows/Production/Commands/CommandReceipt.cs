namespace ClipiaFlows.Production.Commands;

/// <summary>What came of a command that was handed over.</summary>
public abstract record CommandReceipt
{
    private CommandReceipt()
    {
    }

    /// <summary>It was taken; Advance decides, and the operation tells.</summary>
    /// <param name="Operation">The operation.</param>
    public sealed record Accepted(OperationView Operation) : CommandReceipt;

    /// <summary>It is plainly not possible; nothing was written.</summary>
    /// <param name="Refusal">Why.</param>
    public sealed record Impossible(CommandRefusal Refusal) : CommandReceipt;

    /// <summary>The budget that would apply is above the highest that the settings allow; nothing was written.</summary>
    /// <param name="Budget">That budget: the one given, the batch's own, or what a batch without a budget has bound already.</param>
    /// <param name="Highest">The highest budget.</param>
    public sealed record AboveLimit(decimal Budget, decimal Highest) : CommandReceipt;

    /// <summary>It names jobs that the batch does not have; nothing was written.</summary>
    /// <param name="Ids">Those ids.</param>
    public sealed record NoSuchJobs(IReadOnlyList<string> Ids) : CommandReceipt;

    /// <summary>There is no such batch.</summary>
    public sealed record NoSuchBatch : CommandReceipt;
}
