using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Commands;

/// <summary>Why a command is not possible now.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people.</param>
public sealed record CommandRefusal(string Code, string Message);

/// <summary>
/// Which command is possible in which state of a batch (docs/lifecycle.md has the table). Pure: HTTP handlers ask it with a
/// snapshot, for an obvious 409, and Advance decides by it with the row that it changes.
/// </summary>
public static class CommandRules
{
    /// <summary>The code of a refusal because of the batch's state.</summary>
    public const string WrongState = "batch_state";

    /// <summary><c>null</c> when the command is possible.</summary>
    public static CommandRefusal? Check(BatchRow batch, CommandRow command) => command.Kind switch
    {
        CommandKind.Pause => CheckPause(batch),
        CommandKind.Resume => CheckResume(batch, command),
        CommandKind.Cancel => CheckCancel(batch),
        CommandKind.Abandon => CheckAbandon(batch),
        CommandKind.Retry => CheckRetry(batch, command),
        CommandKind.Approve or CommandKind.Reject => CheckVerdict(batch, command.Kind),
        CommandKind.Delete => batch.State.IsTerminal() ? null
            : Wrong(batch, "delete", batch.State is BatchState.Deleting or BatchState.Canceling ? null : "Cancel it first."),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.Kind, "Not a command."),
    };

    private static CommandRefusal? CheckPause(BatchRow batch) => batch switch
    {
        { State: BatchState.Planning, PausePlanned: false } => null,
        { State: BatchState.Running or BatchState.AwaitingApproval } => null,
        { State: BatchState.Paused, ReasonCode: not PauseReasons.ByRequest } => null,
        _ => Wrong(batch, "pause"),
    };

    private static CommandRefusal? CheckResume(BatchRow batch, CommandRow command)
    {
        if (CheckBudget(batch, command) is { } tooLow)
            return tooLow;
        return batch switch
        {
            { State: BatchState.Planning, PausePlanned: true } => null,
            { State: BatchState.Paused, ReasonCode: PauseReasons.Budget }
                when command.BudgetCredits is null || CreditColumn.Read(command.BudgetCredits) <= batch.Budget =>
                new(PauseReasons.Budget, $"The budget of {batch.Budget} credits is used up: resume with a higher budgetCredits."),
            { State: BatchState.Paused } => null,
            _ => Wrong(batch, "resume"),
        };
    }

    private static CommandRefusal? CheckBudget(BatchRow batch, CommandRow command) =>
        command.BudgetCredits is { } given && CreditColumn.Read(given) < batch.Bound
            ? new("budget_too_low", $"The batch has bound {batch.Bound} credits already; the budget cannot be less.")
            : null;

    private static CommandRefusal? CheckCancel(BatchRow batch) =>
        batch.State.IsTerminal() || batch.State is BatchState.Canceling or BatchState.Deleting ? Wrong(batch, "cancel") : null;

    private static CommandRefusal? CheckAbandon(BatchRow batch) =>
        batch is { State: BatchState.Canceling, IsAbandoning: false } ? null : CheckCancel(batch);

    private static CommandRefusal? CheckRetry(BatchRow batch, CommandRow command)
    {
        if (batch.IsRetrying)
            return new("retry_under_way", "A retry of this batch is under way.");
        if (batch.State is not (BatchState.Running or BatchState.Paused) && !batch.State.IsTerminal())
            return Wrong(batch, "retry");
        return batch.Failed + batch.Skipped + batch.Unresolved == 0
            ? new("nothing_to_retry", "No job of this batch has failed, was skipped or is unresolved.")
            : CheckBudget(batch, command);
    }

    private static CommandRefusal? CheckVerdict(BatchRow batch, CommandKind kind) =>
        batch is { SampleLeft: not null, State: BatchState.AwaitingApproval or BatchState.Running or BatchState.Paused }
            ? null
            : Wrong(batch, kind is CommandKind.Approve ? "approve" : "reject", "It waits for nobody's approval.");

    private static CommandRefusal Wrong(BatchRow batch, string verb, string? advice = null) =>
        new(WrongState, $"A batch that is {batch.State} cannot {Passive(verb)}.{(advice is null ? "" : " " + advice)}");

    private static string Passive(string verb) => verb switch
    {
        "retry" => "be retried",
        "delete" or "approve" or "pause" or "resume" => $"be {verb}d",
        "cancel" => "be canceled",
        _ => $"be {verb}ed",
    };
}
