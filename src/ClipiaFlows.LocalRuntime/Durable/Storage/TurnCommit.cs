using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Everything that one turn changes.</summary>
/// <param name="Instance">As it was before the turn.</param>
/// <param name="Consumed">What was played, in order, the turn's start first.</param>
/// <param name="Outcome">What came out.</param>
/// <param name="Status">The status after the turn.</param>
/// <param name="Now">Ticks (UTC).</param>
internal sealed record TurnCommit(
    InstanceRow Instance,
    IReadOnlyList<HistoryEvent> Consumed,
    TurnOutcome Outcome,
    OrchestrationRuntimeStatus Status,
    long Now);
