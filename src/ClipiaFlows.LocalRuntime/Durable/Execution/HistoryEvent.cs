namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>One entry of an instance's history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="TaskId">The step that it belongs to; 1 on a recursive termination.</param>
/// <param name="Name">Of the activity, orchestrator or event.</param>
/// <param name="Payload">JSON, or the other instance's id for a sub-orchestration created and an event sent.</param>
/// <param name="Stamp">Ticks (UTC) of a turn or a timer's due time; the order of arrival of an event.</param>
internal sealed record HistoryEvent(EventKind Kind, int TaskId = 0, string? Name = null, string? Payload = null, long Stamp = 0);
