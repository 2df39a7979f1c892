using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Commands;

/// <summary>What somebody wants of a batch.</summary>
/// <param name="Kind">The command.</param>
public sealed record CommandRequest(CommandKind Kind)
{
    /// <summary>For <see cref="CommandKind.Resume"/> and <see cref="CommandKind.Retry"/>: the new budget in credits; <c>null</c> leaves it as it is.</summary>
    public decimal? BudgetCredits { get; init; }

    /// <summary>For <see cref="CommandKind.Retry"/>: the ids of the jobs meant; <c>null</c> for all that can be retried.</summary>
    public IReadOnlyList<string>? Jobs { get; init; }

    /// <summary>For <see cref="CommandKind.Retry"/>: whether jobs whose files could not be stored are paid for again instead of collected.</summary>
    public bool BuyAgain { get; init; }

    /// <summary>For <see cref="CommandKind.Delete"/>: whether the outputs go too.</summary>
    public bool WithOutputs { get; init; }

    internal string Arguments => StoredJson.Write(new { BudgetCredits, Jobs, BuyAgain, WithOutputs });

    internal CommandRow ToRow(string batch, string operation, DateTimeOffset now) => new()
    {
        PartitionKey = batch,
        RowKey = RowKeys.Command(now, operation),
        Operation = operation,
        Kind = Kind,
        BudgetCredits = BudgetCredits is { } credits ? CreditColumn.Write(credits) : null,
        JobsJson = Jobs is null ? null : StoredJson.Write(Jobs),
        BuyAgain = BuyAgain,
        WithOutputs = WithOutputs,
    };
}
