namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>What happened to an instance. The numbers are stored: never change one.</summary>
internal enum EventKind
{
    TurnStarted = 1,
    ExecutionStarted = 2,
    EventRaised = 3,
    TaskCompleted = 4,
    TaskFailed = 5,
    SubOrchestrationCompleted = 6,
    SubOrchestrationFailed = 7,
    TimerFired = 8,
    Suspended = 9,
    Resumed = 10,
    Terminated = 11,

    /// <summary>In memory only: the orchestrator was resumed by something that is not durable.</summary>
    Trespassed = 12,

    TaskScheduled = 20,
    SubOrchestrationCreated = 21,
    TimerCreated = 22,
    EventSent = 23,
}
