using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>An activity that was asked for and whose result is not recorded.</summary>
internal sealed record AskedActivity(EngineInstance Instance, int Generation, int TaskId, string Name, string? Input)
{
    /// <summary>Whether a run of it is under way and has not reported.</summary>
    public Flight? Flight { get; set; }

    public bool IsWanted => Instance.Activities.Contains(this);
}

/// <summary>What the engine keeps of an instance.</summary>
internal sealed class EngineInstance(string id, string flow, string? input)
{
    public string Id => id;

    public string Flow => flow;

    public string? Input { get; set; } = input;

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    /// <summary>Whether it was to be started while it ran; whoever wanted that looks again in a minute.</summary>
    public bool StartWasRefused { get; set; }

    /// <summary>Which execution it is: each continue-as-new is another.</summary>
    public int Generation { get; set; }

    public List<HistoryEvent> History { get; } = [];

    public List<HistoryEvent> Waiting { get; } = [];

    public List<AskedActivity> Activities { get; } = [];

    public SortedDictionary<int, DateTimeOffset> Timers { get; } = [];

    /// <summary>Kept between turns while the process lives.</summary>
    public OrchestratorExecutor? Hot { get; set; }

    public bool IsActive => Status is OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Running;

    /// <summary>Drops what an execution that ends has left behind.</summary>
    public void Clear()
    {
        Waiting.Clear();
        Activities.Clear();
        Timers.Clear();
        Hot = null;
    }
}
