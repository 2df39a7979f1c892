using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.Production;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// A durable engine in memory: the real executor plays the real flows, and what it asks for is recorded as the real engine's
/// store records it (TurnCommit). Nothing runs by itself; whoever explores decides what happens next.
/// </summary>
internal sealed class EngineModel(TimeProvider time)
{
    private static readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Flows = new()
    {
        [RunBatch.Name] = async context => { await RunBatch.RunAsync(context); return null; },
        [RunJob.Name] = async context => { await RunJob.RunAsync(context); return null; },
    };

    private readonly SortedDictionary<string, EngineInstance> _instances = new(StringComparer.Ordinal);
    private readonly Queue<EngineInstance> _withNews = new();

    public IReadOnlyCollection<EngineInstance> Instances => _instances.Values;

    public IEnumerable<AskedActivity> Activities => _instances.Values.SelectMany(instance => instance.Activities);

    public DateTimeOffset? NextTimer => _instances.Values
        .SelectMany(instance => instance.Timers.Values).Select(at => (DateTimeOffset?)at).DefaultIfEmpty().Min();

    public EngineInstance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>Creates an instance, in the place of an earlier one of the same id.</summary>
    public void Start(string id, string flow, string? input)
    {
        Remove(id);
        var instance = new EngineInstance(id, flow, input);
        _instances[id] = instance;
        Tell(instance, new(EventKind.ExecutionStarted));
    }

    public void Remove(string id)
    {
        if (_instances.Remove(id, out var earlier))
        {
            earlier.Clear();
            earlier.Status = OrchestrationRuntimeStatus.Terminated;
        }
    }

    /// <summary>Sends something to whatever runs under the id; nothing happens when nothing does.</summary>
    public void Send(string id, HistoryEvent happened)
    {
        if (Find(id) is { IsActive: true } instance)
            Tell(instance, happened);
    }

    /// <summary>Records how an activity ended, if anybody still wants to know.</summary>
    public void Report(AskedActivity activity, HistoryEvent ended)
    {
        if (activity.IsWanted && activity.Instance.Waiting.TrueForAll(other => other.TaskId != ended.TaskId || other.Kind != ended.Kind))
            Tell(activity.Instance, ended);
    }

    /// <summary>Fires what is due, and plays one turn for everything that has happened.</summary>
    /// <returns>Whether anything was done.</returns>
    public bool Play()
    {
        var now = time.GetUtcNow();
        foreach (var instance in _instances.Values)
        {
            foreach (var timer in instance.Timers.Where(timer => timer.Value <= now).Select(timer => timer.Key).ToList())
            {
                instance.Timers.Remove(timer);
                Tell(instance, new(EventKind.TimerFired, timer));
            }
        }

        var played = false;
        while (_withNews.TryDequeue(out var next))
        {
            if (next.IsActive && next.Waiting.Count > 0)
                Turn(next);
            played = true;
        }

        return played;
    }

    /// <summary>The process has died: what was kept in memory is gone.</summary>
    public void ForgetMemory()
    {
        foreach (var instance in _instances.Values)
        {
            instance.Hot = null;
            foreach (var activity in instance.Activities)
                activity.Flight = null;
        }
    }

    private void Tell(EngineInstance instance, HistoryEvent happened)
    {
        instance.Waiting.Add(happened);
        _withNews.Enqueue(instance);
    }

    private void Turn(EngineInstance instance)
    {
        var past = instance.Hot is null ? instance.History.ToList() : [];
        instance.Hot ??= new(new(instance.Id, instance.Flow, "", null, instance.Input, null), Flows[instance.Flow], NullLoggerFactory.Instance);
        List<HistoryEvent> fresh = [new(EventKind.TurnStarted, Stamp: time.GetUtcNow().UtcTicks), .. instance.Waiting];
        instance.Waiting.Clear();
        foreach (var ended in fresh.Where(one => one.Kind is EventKind.TaskCompleted or EventKind.TaskFailed))
            instance.Activities.RemoveAll(activity => activity.TaskId == ended.TaskId);
        var outcome = instance.Hot.Play(past, fresh);
        instance.Status = OrchestrationRuntimeStatus.Running;
        foreach (var action in outcome.Actions)
            Perform(instance, action);
        foreach (var timer in outcome.CanceledTimers)
            instance.Timers.Remove(timer);
        instance.History.AddRange(fresh);
        instance.History.AddRange(outcome.Actions.Select(action => action.ToHistory()));
        End(instance, outcome.Ending);
    }

    private void Perform(EngineInstance instance, OrchestratorAction action)
    {
        switch (action)
        {
            case CallActivity call:
                instance.Activities.Add(new(instance, instance.Generation, call.TaskId, call.Name, call.Input));
                break;
            case StartTimer { IsCanceled: false } timer:
                instance.Timers.Add(timer.TaskId, new(timer.FireAt, TimeSpan.Zero));
                break;
            case SendEvent send:
                Send(send.InstanceId, new(EventKind.EventRaised, 0, send.Name, send.EventPayload));
                break;
        }
    }

    private void End(EngineInstance instance, Ending? ending)
    {
        if (ending is null)
            return;
        instance.Clear();
        switch (ending)
        {
            case Ending.ContinuedAsNew next:
                (instance.Input, instance.Generation) = (next.Input, instance.Generation + 1);
                instance.History.Clear();
                Tell(instance, new(EventKind.ExecutionStarted));
                foreach (var carried in next.CarriedEvents)
                    Tell(instance, carried);
                break;
            case Ending.Failed failed:
                throw new ViolationException($"Instance {instance.Id} failed: {failed.Failure.ErrorMessage}");
            case Ending.Terminated:
                instance.Status = OrchestrationRuntimeStatus.Terminated;
                break;
            default:
                instance.Status = OrchestrationRuntimeStatus.Completed;
                break;
        }
    }
}
