using System.Text;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>What the orchestrator sees. Usable only while its turn is played, on the thread that plays it.</summary>
internal sealed class OrchestratorContext(
    ExecutionIdentity identity, ExecutionState state, OrchestratorScheduler scheduler, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private const int MaxCustomStatusBytes = 16 * 1024;

    private int _guids;

    public override TaskName Name => identity.Name;

    public override string InstanceId => identity.InstanceId;

    public override ParentOrchestrationInstance? Parent => identity.Parent;

    public override DateTime CurrentUtcDateTime => state.TurnTime;

    public override bool IsReplaying => state.IsReplaying;

    public override string Version => identity.Version;

    protected override ILoggerFactory LoggerFactory => loggers;

    // An absent input is the default of any T, null included.
    public override T? GetInput<T>() where T : default => identity.Converter.Read<T>(identity.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(
        TaskName name, object? input = null, TaskOptions? options = null)
    {
        ThrowUnlessOnTurn();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} was given as the activity's input and none as {nameof(options)}; "
                + $"name the argument {nameof(options)} if that was meant.",
                nameof(input));
        }

        return await RetryLoop.RunAsync(this, options?.Retry, () =>
        {
            var id = state.NextTaskId();
            state.Ask(new CallActivity(id, name, identity.Converter.Serialize(input)));
            return ReadResult<TResult>(state.Tasks.Open(id, name));
        });
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        ThrowUnlessOnTurn();
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var version = options?.Version?.Version ?? identity.DefaultVersion ?? string.Empty;
        var tags = Payload.Write(options?.Tags?.AsReadOnly());

        return await RetryLoop.RunAsync(this, options?.Retry, () =>
        {
            var id = state.NextTaskId();
            state.Ask(new CallSubOrchestration(
                id, orchestratorName, instanceId, identity.Converter.Serialize(input), version, tags));
            return ReadResult<TResult>(state.Tasks.Open(id, orchestratorName));
        });
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        ThrowUnlessOnTurn();
        var timer = new StartTimer(state.NextTaskId(), fireAt.ToUniversalTime());
        state.Ask(timer);
        var fired = state.Tasks.Open(timer.TaskId, "timer");
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.Register(() => OnTurn(() => state.Cancel(timer)));
            if (!fired.IsCompleted) state.ReleaseWhenFired(timer.TaskId, registration);
        }

        return fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ThrowUnlessOnTurn();
        var waiter = new EventWaiter<T>(identity.Converter);
        state.Events.Add(eventName, waiter);
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(() => OnTurn(() => waiter.Cancel(cancellationToken)));
        return waiter.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ThrowUnlessOnTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        state.Ask(new SendEvent(state.NextTaskId(), instanceId, eventName, identity.Converter.Serialize(payload)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        ThrowUnlessOnTurn();
        var status = identity.Converter.Serialize(customStatus);
        if (status is not null && Encoding.Unicode.GetByteCount(status) > MaxCustomStatusBytes)
        {
            throw new ArgumentException(
                "The UTF-16 size of the custom status as JSON must not exceed 16 KB.", nameof(customStatus));
        }

        state.SetCustomStatus(status);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions
        {
            NewInput = newInput,
            PreserveUnprocessedEvents = preserveUnprocessedEvents,
        });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ThrowUnlessOnTurn();
        ArgumentNullException.ThrowIfNull(options);
        state.ContinueAsNew(
            identity.Converter.Serialize(options.NewInput),
            string.IsNullOrWhiteSpace(options.NewVersion) ? null : options.NewVersion,
            options.PreserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        ThrowUnlessOnTurn();
        return DeterministicGuid.Create(InstanceId, CurrentUtcDateTime, _guids++);
    }

    private async Task<T> ReadResult<T>(Task<string?> result) => identity.Converter.Read<T>(await result)!;

    private void OnTurn(Action action)
    {
        if (scheduler.IsOnTurn) action();
        else scheduler.ReportTrespass();
    }

    private void ThrowUnlessOnTurn()
    {
        if (!scheduler.IsOnTurn) throw Trespass.Found(InstanceId);
    }
}
