using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>
/// Plays one execution: history and new events in, actions out. It touches neither storage nor clock, and may be kept between
/// turns, in which case only the new events are played.
/// </summary>
internal sealed class OrchestratorExecutor
{
    private readonly ExecutionIdentity _identity;

    // Null when no such orchestrator is registered.
    private readonly Func<TaskOrchestrationContext, Task<object?>>? _run;
    private readonly OrchestratorScheduler _scheduler = new();
    private readonly ExecutionState _state;
    private readonly OrchestratorContext _context;
    private readonly Queue<HistoryEvent> _whileSuspended = new();
    private Task<object?>? _orchestrator;
    private Ending? _ending;
    private bool _isSuspended;

    public OrchestratorExecutor(
        ExecutionIdentity identity, Func<TaskOrchestrationContext, Task<object?>>? run, ILoggerFactory loggers)
    {
        _identity = identity;
        _run = run;
        _state = new(identity.InstanceId);
        _context = new(identity, _state, _scheduler, loggers);
    }

    /// <summary>Called from a foreign thread when something that is not durable wants to resume the orchestrator.</summary>
    public Action? Trespassed
    {
        set => _scheduler.Trespassed = value;
    }

    /// <param name="past">What was played before but not by this object; empty for a kept one.</param>
    /// <param name="fresh">The new turn: its <see cref="EventKind.TurnStarted"/> first, then what has arrived.</param>
    public TurnOutcome Play(IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> fresh)
    {
        try
        {
            if (past.Count > 0)
            {
                _state.StartReplay();
                foreach (var recorded in past) PlayOne(recorded);
                _state.EndReplay();
            }

            foreach (var happened in fresh) PlayOne(happened);
            _ending ??= EndingOfOrchestrator();
        }
        catch (NonDeterminismException exception)
        {
            _ending = new Ending.Failed(FailureTypes.Differs(exception.Message));
        }
#pragma warning disable CA1031 // Types that are read may throw anything, and a turn that throws would be played for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // An event that does not fit its wait fails the instance; the orchestrator cannot catch it.
            _ending = new Ending.Failed(FailureTypes.From(exception));
        }

        return _state.TakeOutcome(_ending, _isSuspended);
    }

    private void PlayOne(HistoryEvent happened)
    {
        if (_ending is not null) return;
        if (happened.Kind == EventKind.TurnStarted)
        {
            _state.StartTurn(happened);
            return;
        }

        if (_isSuspended && happened.Kind is not (EventKind.Resumed or EventKind.Terminated or EventKind.Trespassed))
        {
            if (happened.Kind != EventKind.Suspended) _whileSuspended.Enqueue(happened);
            return;
        }

        Apply(happened);
    }

    private void Apply(HistoryEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.ExecutionStarted: Start(); break;
            case EventKind.EventRaised: _scheduler.Play(() => _state.Raise(happened)); break;
            case EventKind.TaskCompleted:
            case EventKind.SubOrchestrationCompleted:
                _scheduler.Play(() => _state.Tasks.Complete(happened.TaskId, happened.Payload));
                break;
            case EventKind.TaskFailed:
            case EventKind.SubOrchestrationFailed:
                _scheduler.Play(() => _state.Tasks.Fail(happened.TaskId, happened.Payload));
                break;
            case EventKind.TimerFired: _scheduler.Play(() => _state.Fire(happened.TaskId)); break;
            case EventKind.Suspended: _isSuspended = true; break;
            case EventKind.Resumed: Resume(); break;
            case EventKind.Terminated: _ending = new Ending.Terminated(happened.Payload, happened.TaskId == 1); break;
            case EventKind.Trespassed: _ending = Illegal(); break;
            default: _state.Expect(happened); break;
        }
    }

    private void Start()
    {
        if (_run is null)
        {
            _ending = new Ending.Failed(FailureTypes.NoSuchOrchestrator(_identity.Name));
            return;
        }

        _scheduler.Play(() => _orchestrator = Begin(_run));
    }

    // An orchestrator that is no async method may throw before it gives a task.
    private Task<object?> Begin(Func<TaskOrchestrationContext, Task<object?>> run)
    {
        try
        {
            return run(_context);
        }
        catch (OperationCanceledException)
        {
            // As an async one that throws it.
            return Task.FromCanceled<object?>(new CancellationToken(canceled: true));
        }
#pragma warning disable CA1031 // Whatever it throws is the failure of the instance.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException<object?>(exception);
        }
    }

    private void Resume()
    {
        _isSuspended = false;
        while (!_isSuspended && _whileSuspended.TryDequeue(out var kept)) PlayOne(kept);
    }

    private Ending? EndingOfOrchestrator()
    {
        if (_orchestrator is null || _isSuspended) return null;
        if (_scheduler.HasTrespass) return Illegal();

        // Like the genuine engine: an execution ends when all that it started has ended, timers included.
        if (_state.Tasks.Any) return null;
        if (!_orchestrator.IsCompleted) return _state.Events.HasOpenWaiters ? null : Illegal();
        if (_orchestrator.IsCompletedSuccessfully) return _state.Continuation() ?? Complete(_orchestrator.Result);

        // The genuine engine asks a cancelled one for its result, and gets this.
        var exception = _orchestrator.Exception?.InnerException ?? new AggregateException(new TaskCanceledException(_orchestrator));
        return new Ending.Failed(FailureTypes.From(exception));
    }

    private Ending Complete(object? output)
    {
        try
        {
            return new Ending.Completed(_identity.Converter.Serialize(output));
        }
#pragma warning disable CA1031 // What is written may throw anything too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Ending.Failed(FailureTypes.From(exception));
        }
    }

    private Ending.Failed Illegal() => new(FailureTypes.From(Trespass.Found(_identity.InstanceId)));
}
