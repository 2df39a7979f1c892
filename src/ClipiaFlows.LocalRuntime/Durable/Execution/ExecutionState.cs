namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>What one execution has asked for, waits for and has been told, shared by executor and context.</summary>
internal sealed class ExecutionState(string instanceId)
{
    private readonly List<OrchestratorAction> _actions = [];
    private readonly List<int> _canceledTimers = [];
    private readonly Dictionary<int, CancellationTokenRegistration> _registrations = [];
    private readonly List<HistoryEvent> _lateEvents = [];
    private readonly ReplayCheck _replay = new(instanceId);
    private int _taskIds;
    private int _firstTaskIdOfTurn;
    private string? _customStatus;
    private bool _customStatusIsSet;
    private NextExecution? _next;

    public DateTime TurnTime { get; private set; }

    public bool IsReplaying { get; private set; }

    public OpenTasks Tasks { get; } = new();

    public ExternalEvents Events { get; } = new();

    public int NextTaskId() => _taskIds++;

    public void StartTurn(HistoryEvent turn)
    {
        if (IsReplaying) _replay.ExpectNoMore();
        _firstTaskIdOfTurn = _taskIds;
        TurnTime = new DateTime(turn.Stamp, DateTimeKind.Utc);
    }

    public void StartReplay() => IsReplaying = true;

    public void EndReplay()
    {
        if (IsReplaying) _replay.ExpectNoMore();
        IsReplaying = false;
    }

    public void Expect(HistoryEvent recorded) => _replay.Expect(recorded);

    public void Ask(OrchestratorAction action)
    {
        if (IsReplaying) _replay.Ask(action);
        else _actions.Add(action);
    }

    public void Cancel(StartTimer timer)
    {
        _registrations.Remove(timer.TaskId);
        if (!Tasks.Cancel(timer.TaskId) || IsReplaying) return;
        if (timer.TaskId >= _firstTaskIdOfTurn) timer.IsCanceled = true;
        else _canceledTimers.Add(timer.TaskId);
    }

    /// <summary>Lets go of the token when the timer fires, so that long-lived tokens do not collect dead timers.</summary>
    public void ReleaseWhenFired(int timerId, CancellationTokenRegistration registration) => _registrations[timerId] = registration;

    public void Fire(int timerId)
    {
        if (_registrations.Remove(timerId, out var registration)) registration.Unregister();
        Tasks.Complete(timerId, null);
    }

    public void Raise(HistoryEvent raised)
    {
        if (_next is null) Events.Raise(raised);
        else _lateEvents.Add(raised);
    }

    public void SetCustomStatus(string? status)
    {
        // A replayed one is stored already.
        if (IsReplaying) return;
        _customStatus = status;
        _customStatusIsSet = true;
    }

    public void ContinueAsNew(string? input, string? version, bool preserve) => _next = new(input, version, preserve);

    /// <summary>The next execution, when the orchestrator asked for one.</summary>
    public Ending? Continuation() => _next is null
        ? null
        : new Ending.ContinuedAsNew(
            _next.Input, _next.Version, [.. _next.PreserveEvents ? Events.Kept : [], .. _lateEvents]);

    /// <summary>Hands over what this turn brought and forgets it.</summary>
    public TurnOutcome TakeOutcome(Ending? ending, bool isSuspended)
    {
        var outcome = new TurnOutcome(
            [.. _actions], [.. _canceledTimers], ending, _customStatus, _customStatusIsSet, isSuspended);
        _actions.Clear();
        _canceledTimers.Clear();
        _customStatusIsSet = false;
        return outcome;
    }

    private sealed record NextExecution(string? Input, string? Version, bool PreserveEvents);
}
