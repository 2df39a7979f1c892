namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>What came out of one turn.</summary>
/// <param name="Actions">What the orchestrator asked for, in the order of asking.</param>
/// <param name="CanceledTimers">Timers of earlier turns that are needed no more.</param>
/// <param name="Ending">Null while the execution goes on.</param>
/// <param name="CustomStatus">The custom status (JSON) that the turn set.</param>
/// <param name="CustomStatusIsSet">Whether it set one; a set one may be null.</param>
/// <param name="IsSuspended">Whether it waits for a resume.</param>
internal sealed record TurnOutcome(
    IReadOnlyList<OrchestratorAction> Actions,
    IReadOnlyList<int> CanceledTimers,
    Ending? Ending,
    string? CustomStatus,
    bool CustomStatusIsSet,
    bool IsSuspended);
