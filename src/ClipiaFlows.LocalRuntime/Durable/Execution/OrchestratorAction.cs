using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>Something that the orchestrator asked for in this turn.</summary>
internal abstract record OrchestratorAction(int TaskId)
{
    /// <summary>The same as history remembers it.</summary>
    public abstract HistoryEvent ToHistory();
}

internal sealed record CallActivity(int TaskId, string Name, string? Input) : OrchestratorAction(TaskId)
{
    public override HistoryEvent ToHistory() => new(EventKind.TaskScheduled, TaskId, Name);
}

internal sealed record CallSubOrchestration(
    int TaskId, string Name, string InstanceId, string? Input, string Version, string? Tags) : OrchestratorAction(TaskId)
{
    public override HistoryEvent ToHistory() => new(EventKind.SubOrchestrationCreated, TaskId, Name, InstanceId);
}

internal sealed record StartTimer(int TaskId, DateTime FireAt) : OrchestratorAction(TaskId)
{
    /// <summary>Was cancelled in the turn that created it: history holds it, the queue never sees it.</summary>
    public bool IsCanceled { get; set; }

    public override HistoryEvent ToHistory() => new(EventKind.TimerCreated, TaskId, Stamp: FireAt.Ticks);
}

internal sealed record SendEvent(int TaskId, string InstanceId, string Name, string? EventPayload) : OrchestratorAction(TaskId)
{
    public override HistoryEvent ToHistory() => new(EventKind.EventSent, TaskId, Name, InstanceId);
}

/// <summary>How an execution ended.</summary>
internal abstract record Ending
{
    public sealed record Completed(string? Output) : Ending;

    public sealed record Failed(TaskFailureDetails Failure) : Ending;

    public sealed record Terminated(string? Output, bool Recursive) : Ending;

    /// <param name="Input">Of the next execution.</param>
    /// <param name="Version">Of the next execution; null keeps it.</param>
    /// <param name="CarriedEvents">Events that the next execution gets, in order of arrival.</param>
    public sealed record ContinuedAsNew(string? Input, string? Version, IReadOnlyList<HistoryEvent> CarriedEvents) : Ending;
}
