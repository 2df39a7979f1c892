using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>How a turn left its instance.</summary>
/// <param name="Hot">The instance, when it goes on.</param>
/// <param name="Unplayed">Messages that came too early: they wait for the start.</param>
internal sealed record PlayedTurn(HotInstance? Hot, IReadOnlyList<Message> Unplayed);

/// <summary>Plays one turn: loads what is not in memory, runs the executor, commits, and only then acts.</summary>
internal sealed class TurnPlayer(
    DurableStore store,
    IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators,
    Action<Effects> carryOut,
    DurableEngineOptions options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private static readonly PlayedTurn Gone = new(null, []);

    private readonly ILogger _logger = loggers.CreateLogger<TurnPlayer>();
    private readonly VersionRule _versions = new(options);

    public async Task<PlayedTurn> PlayAsync(long key, HotInstance? hot, List<Message> messages)
    {
        var past = new List<HistoryEvent>();
        if (hot is null)
        {
            if (store.Read(session => Load(session, key)) is not { } loaded) return Gone;
            (hot, past) = loaded;
        }

        var (fresh, unplayed) = Sort(hot.Row, messages);
        if (fresh.Count == 0) return new(hot.Row.StartState == StartState.Started ? hot : null, unplayed);

        var isAdmitted = _versions.Admits(hot.Row.Version);
        if (!isAdmitted && OutcomeOfRefused(fresh) is null)
        {
            _logger.LogWarning("{Reason}", _versions.WhyLeft(hot.Row.Id, hot.Row.Version));
            return Gone;
        }

        var now = time.GetUtcNow().UtcTicks;
        fresh.Insert(0, new(EventKind.TurnStarted, Stamp: now));
        var outcome = isAdmitted ? hot.Executor.Play(past, fresh) : OutcomeOfRefused(fresh)!;
        var turn = new TurnCommit(hot.Row, fresh, outcome, StatusAfter(outcome), now);
        var effects = await store.WriteAsync(session => session.Commit(turn));
        if (outcome.Ending is Ending.Failed { Failure: var failure })
            _logger.LogWarning("Instance {InstanceId} ({Name}) failed with {Failure}", hot.Row.Id, hot.Row.Name, failure);
        if (outcome.Ending is not null)
            EngineTelemetry.HistoryEnded(hot.Row.Name, After(turn).HistoryLength);
        carryOut(effects);
        return new(outcome.Ending is null ? hot with { Row = After(turn) } : null, unplayed);
    }

    // Null leaves it in the store as it is. To terminate it, its code is not needed.
    private TurnOutcome? OutcomeOfRefused(List<HistoryEvent> fresh)
    {
        Ending? ending = fresh.Find(happened => happened.Kind == EventKind.Terminated) is { } terminated
            ? new Ending.Terminated(terminated.Payload, terminated.TaskId == 1)
            : _versions.FailsOthers ? new Ending.Failed(FailureTypes.VersionMismatch()) : null;
        return ending is null ? null : new([], [], ending, null, CustomStatusIsSet: false, IsSuspended: false);
    }

    private (HotInstance Hot, List<HistoryEvent> Past)? Load(ReadSession session, long key)
    {
        if (session.Instance(key) is not { } row || row.Status.IsEnded()) return null;

        var parent = row.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        var identity = new ExecutionIdentity(row.Id, row.Name, row.Version, parent, row.Input, options.DefaultVersion)
        {
            Converter = options.DataConverter,
        };
        var executor = new OrchestratorExecutor(identity, orchestrators.GetValueOrDefault(row.Name), loggers)
        {
            Trespassed = () => carryOut(new Effects
            {
                Messages = { new(key, row.Generation, new(EventKind.Trespassed)) },
            }),
        };
        return (new(row, executor), session.History(key));
    }

    // Messages for an earlier execution are dropped. Before the start only the start and a termination count.
    private static (List<HistoryEvent> Fresh, List<Message> Unplayed) Sort(InstanceRow row, List<Message> messages)
    {
        var current = messages
            .Where(message => message.Generation == row.Generation || message.Generation == Message.AnyGeneration)
            .ToList();
        if (row.StartState == StartState.Started)
        {
            current.RemoveAll(message => message.Event.Kind == EventKind.ExecutionStarted);
            return ([.. current.Select(message => message.Event)], []);
        }

        var start = current.Find(message => message.Event.Kind == EventKind.ExecutionStarted);
        if (start is not null)
        {
            current.RemoveAll(message => message.Event.Kind == EventKind.ExecutionStarted);

            // Events carried over from the execution before may come after younger ones here.
            return ([start.Event, .. current.Select(message => message.Event).OrderBy(happened => happened.Stamp)], []);
        }

        var end = current.Find(message => message.Event.Kind == EventKind.Terminated);
        return end is null ? ([], current) : ([end.Event], []);
    }

    private static OrchestrationRuntimeStatus StatusAfter(TurnOutcome outcome) => outcome.Ending switch
    {
        Ending.Completed => OrchestrationRuntimeStatus.Completed,
        Ending.Failed => OrchestrationRuntimeStatus.Failed,
        Ending.Terminated => OrchestrationRuntimeStatus.Terminated,
        _ => outcome.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running,
    };

    private static InstanceRow After(TurnCommit turn) => turn.Instance with
    {
        Status = turn.Status,
        StartState = StartState.Started,
        HistoryLength = turn.Instance.HistoryLength + turn.Consumed.Count + turn.Outcome.Actions.Count,
    };
}
