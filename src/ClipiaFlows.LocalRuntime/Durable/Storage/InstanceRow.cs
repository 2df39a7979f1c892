using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Where the start of an instance stands. The numbers are stored: never change one.</summary>
internal enum StartState
{
    /// <summary>To be started at once.</summary>
    Ready = 0,
    Started = 1,

    /// <summary>Waits for its start time.</summary>
    Waiting = 2,
}

/// <summary>Who waits for the end of a sub-orchestration.</summary>
internal sealed record ParentLink(long Key, long Generation, int TaskId, string InstanceId, string Name);

/// <summary>An instance as the next turn needs it.</summary>
internal sealed record InstanceRow(
    long Key,
    string Id,
    string Name,
    string Version,
    OrchestrationRuntimeStatus Status,
    StartState StartState,
    long Generation,
    int HistoryLength,
    ParentLink? Parent,
    string? Input);

/// <summary>An instance to be created.</summary>
// StartAt: ticks (UTC), null starts it at once.
internal sealed record NewInstance(
    string Id,
    string Name,
    string Version,
    string? Input,
    string? Tags,
    long? StartAt = null,
    ParentLink? Parent = null);
