using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

/// <summary>Functions and what is done with them; plays on any engine and tells what came out.</summary>
/// <param name="Name">Of the scenario, and of the orchestrator that is started.</param>
internal sealed record Scenario(string Name)
{
    /// <summary>By name.</summary>
    public Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators { get; } = [];

    /// <summary>Each gets the id of the calling instance and how often that has called it, from 1.</summary>
    public Dictionary<string, Func<string, int, object?>> Activities { get; } = [];

    /// <summary>Drives an instance that has been started; the engine waits for its end afterwards.</summary>
    public Func<DurableTaskClient, string, Task> Play { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>JSON of what the instance starts with.</summary>
    public object? Input { get; init; }

    /// <summary>It breaks the genuine executor, not only the orchestrator; only its failure is told then.</summary>
    public bool FailsAsInvocation { get; init; }

    public override string ToString() => Name;

    public Scenario Runs(Func<TaskOrchestrationContext, Task<object?>> orchestrator) => With(Name, orchestrator);

    public Scenario With(string name, Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        Orchestrators.Add(name, orchestrator);
        return this;
    }

    public Scenario Calls(string name, Func<string, int, object?> activity)
    {
        Activities.Add(name, activity);
        return this;
    }
}
