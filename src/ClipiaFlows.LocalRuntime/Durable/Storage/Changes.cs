using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>The changes that the engine makes, each one transaction or part of one.</summary>
internal static class Changes
{
    /// <summary>Creates an instance, in the place of an ended (or, when asked so, of an active) one of the same id.</summary>
    public static void Start(this WriteSession session, NewInstance instance, Effects effects)
    {
        if (session.Find(instance.Id) is { } previous) session.Remove(previous, effects);

        var state = instance.StartAt is not null ? StartState.Waiting : StartState.Ready;
        var key = session.Insert(instance, state);
        if (instance.StartAt is { } startAt)
        {
            session.AddTimer(key, PendingTimer.StartOfInstance, startAt);
            effects.Timers.Add(new(startAt, key, PendingTimer.StartOfInstance, 0));
        }
        else
        {
            effects.Messages.Add(new(key, 0, new(EventKind.ExecutionStarted)));
        }
    }

    /// <summary>Deletes an instance with all that belongs to it.</summary>
    public static void Remove(this WriteSession session, InstanceHead instance, Effects effects)
    {
        // An ended one was cleared at its end.
        if (instance.IsActive) effects.CanceledTimers.AddRange(session.Clear(instance.Key, instance.Generation));
        session.Delete(instance.Key);
        effects.ChangedInstances.Add(instance.Id);
    }

    /// <summary>Sends something to whatever runs under the id; nothing happens when nothing does.</summary>
    public static void Send(this WriteSession session, string instanceId, HistoryEvent happened, Effects effects)
    {
        if (session.Find(instanceId) is { IsActive: true } instance)
            effects.Messages.Add(session.AddToInbox(instance.Key, Message.AnyGeneration, happened));
        else
            effects.Warnings.Add($"{happened.Kind} '{happened.Name}' was dropped: no instance '{instanceId}' is active.");
    }

    /// <summary>One turn: what was consumed goes, history grows, what the orchestrator asked for comes.</summary>
    public static Effects Commit(this WriteSession session, TurnCommit turn)
    {
        var effects = new Effects();
        var instance = turn.Instance;
        foreach (var happened in turn.Consumed) session.Consume(instance.Key, happened);
        session.Perform(turn, effects);
        session.Record(turn, effects);
        if (turn.Outcome.CustomStatusIsSet) session.SetCustomStatus(instance.Key, turn.Outcome.CustomStatus);
        if (turn.Status != instance.Status) effects.ChangedInstances.Add(instance.Id);
        return effects;
    }

    private static void Consume(this WriteSession session, long key, HistoryEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.TaskCompleted or EventKind.TaskFailed: session.RemoveActivity(key, happened.TaskId); break;
            case EventKind.TimerFired: session.RemoveTimer(key, happened.TaskId); break;
            case EventKind.ExecutionStarted: session.RemoveTimer(key, PendingTimer.StartOfInstance); break;
            case EventKind.TurnStarted or EventKind.Trespassed: break;
            default: session.RemoveFromInbox(key, happened.Stamp); break;
        }
    }

    private static void Perform(this WriteSession session, TurnCommit turn, Effects effects)
    {
        var instance = turn.Instance;
        foreach (var action in turn.Outcome.Actions)
        {
            switch (action)
            {
                case CallActivity call:
                    session.AddActivity(instance.Key, call);
                    effects.Activities.Add(new(
                        instance.Key, instance.Generation, new(instance.Id, call.Name, call.TaskId, call.Input)));
                    break;
                case CallSubOrchestration call: session.StartChild(instance, call, effects); break;
                case StartTimer { IsCanceled: false } timer:
                    session.AddTimer(instance.Key, timer.TaskId, timer.FireAt.Ticks);
                    effects.Timers.Add(new(timer.FireAt.Ticks, instance.Key, timer.TaskId, instance.Generation));
                    break;
                case SendEvent send:
                    session.Send(send.InstanceId, new(EventKind.EventRaised, 0, send.Name, send.EventPayload), effects);
                    break;
            }
        }

        foreach (var timer in turn.Outcome.CanceledTimers)
        {
            if (session.RemoveTimer(instance.Key, timer) is { } fireAt)
                effects.CanceledTimers.Add(new(fireAt, instance.Key, timer, instance.Generation));
        }
    }

    private static void StartChild(
        this WriteSession session, InstanceRow parent, CallSubOrchestration call, Effects effects)
    {
        if (session.Find(call.InstanceId) is { IsActive: true })
        {
            var failure = new TaskFailureDetails(
                typeof(DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException).FullName!,
                $"An orchestration with the instance ID '{call.InstanceId}' is already active.",
                null,
                null,
                null);
            effects.Messages.Add(session.AddToInbox(
                parent.Key,
                parent.Generation,
                new(EventKind.SubOrchestrationFailed, call.TaskId, call.Name, Payload.Write(failure))));
            return;
        }

        var link = new ParentLink(parent.Key, parent.Generation, call.TaskId, parent.Id, parent.Name);
        session.Start(new(call.InstanceId, call.Name, call.Version, call.Input, call.Tags, Parent: link), effects);
    }

    private static void Record(this WriteSession session, TurnCommit turn, Effects effects)
    {
        var instance = turn.Instance;
        if (turn.Outcome.Ending is Ending.ContinuedAsNew next)
        {
            session.Continue(turn, next, effects);
            return;
        }

        long n = instance.HistoryLength;
        foreach (var happened in turn.Consumed) session.AppendHistory(instance.Key, n++, happened);
        foreach (var action in turn.Outcome.Actions) session.AppendHistory(instance.Key, n++, action.ToHistory());

        if (turn.Outcome.Ending is null) session.UpdateTurn(instance.Key, turn.Status, n, turn.Now);
        else session.End(turn, n, effects);
    }

    private static void Continue(
        this WriteSession session, TurnCommit turn, Ending.ContinuedAsNew next, Effects effects)
    {
        var instance = turn.Instance;
        session.UpdateNextExecution(
            instance.Key, instance.Generation + 1, next.Version ?? instance.Version, next.Input, turn.Now);
        effects.Messages.Add(new(instance.Key, instance.Generation + 1, new(EventKind.ExecutionStarted)));
        foreach (var carried in next.CarriedEvents)
        {
            var message = new Message(instance.Key, Message.AnyGeneration, carried);
            session.PutInInbox(message);
            effects.Messages.Add(message);
        }
    }

    private static void End(this WriteSession session, TurnCommit turn, long historyLength, Effects effects)
    {
        var instance = turn.Instance;
        var failure = turn.Outcome.Ending is Ending.Failed failed ? Payload.Write(failed.Failure) : null;
        var output = turn.Outcome.Ending switch
        {
            Ending.Completed completed => completed.Output,
            Ending.Terminated terminated => terminated.Output,
            _ => null,
        };
        session.UpdateEnd(instance.Key, turn.Status, historyLength, output, failure, turn.Now);

        // What a failing or terminated turn had just asked for is wanted no more.
        effects.Activities.Clear();
        effects.Timers.RemoveAll(timer => timer.Key == instance.Key);
        effects.CanceledTimers.AddRange(session.Clear(instance.Key, instance.Generation));
        if (turn.Outcome.Ending is Ending.Terminated { Recursive: true } recursive)
        {
            foreach (var child in session.Children(instance.Key, onlyActive: true))
            {
                effects.Messages.Add(session.AddToInbox(
                    child, Message.AnyGeneration, new(EventKind.Terminated, 1, null, recursive.Output)));
            }
        }

        if (instance.Parent is { } parent) session.TellParent(parent, turn, output, failure, effects);
    }

    private static void TellParent(
        this WriteSession session, ParentLink parent, TurnCommit turn, string? output, string? failure, Effects effects)
    {
        if (session.Find(parent.Key) is not { IsActive: true } waiting || waiting.Generation != parent.Generation) return;

        HistoryEvent told = turn.Status == OrchestrationRuntimeStatus.Completed
            ? new(EventKind.SubOrchestrationCompleted, parent.TaskId, turn.Instance.Name, output)
            : new(EventKind.SubOrchestrationFailed, parent.TaskId, turn.Instance.Name, failure ?? Payload.Write(
                new TaskFailureDetails("(unknown)", $"The orchestration was terminated: {output}", null, null, null)));
        effects.Messages.Add(session.AddToInbox(parent.Key, parent.Generation, told));
    }
}
