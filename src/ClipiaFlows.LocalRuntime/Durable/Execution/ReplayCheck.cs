namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>Compares what the code asks for in a replay with what history holds, step by step.</summary>
internal sealed class ReplayCheck(string instanceId)
{
    private readonly Queue<OrchestratorAction> _asked = new();

    public void Ask(OrchestratorAction action) => _asked.Enqueue(action);

    /// <exception cref="NonDeterminismException">The code asked for something else, or for nothing.</exception>
    public void Expect(HistoryEvent recorded)
    {
        if (!_asked.TryDequeue(out var asked)) throw Differs(Describe(recorded), "nothing");

        var replayed = asked.ToHistory();
        var isSame = replayed.Kind == recorded.Kind
            && replayed.TaskId == recorded.TaskId
            && string.Equals(replayed.Name, recorded.Name, StringComparison.OrdinalIgnoreCase);
        if (!isSame) throw Differs(Describe(recorded), Describe(replayed));
    }

    /// <exception cref="NonDeterminismException">The code asked for more than the turn recorded.</exception>
    public void ExpectNoMore()
    {
        if (_asked.TryPeek(out var asked)) throw Differs("nothing", Describe(asked.ToHistory()));
    }

    private NonDeterminismException Differs(string expected, string found) => new(
        $"The replay of instance '{instanceId}' differs from its history: expected {expected}, found {found}. "
        + "Was the orchestrator's code changed after the instance had started, or does it depend on something "
        + "that is not the same every time (clock, random numbers, dictionary order, input from outside)?");

    private static string Describe(HistoryEvent step) => step.Kind switch
    {
        EventKind.TaskScheduled => $"step {step.TaskId} calling activity '{step.Name}'",
        EventKind.SubOrchestrationCreated => $"step {step.TaskId} calling orchestrator '{step.Name}'",
        EventKind.TimerCreated => $"step {step.TaskId} creating a timer",
        _ => $"step {step.TaskId} sending event '{step.Name}'",
    };
}
