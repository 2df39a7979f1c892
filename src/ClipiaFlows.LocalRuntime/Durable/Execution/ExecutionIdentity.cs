using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>What an orchestrator may know of itself; the same in every turn of one execution.</summary>
internal sealed record ExecutionIdentity(
    string InstanceId,
    string Name,
    string Version,
    ParentOrchestrationInstance? Parent,
    string? Input,
    string? DefaultVersion)
{
    /// <summary>Writes and reads what goes in and out.</summary>
    public DataConverter Converter { get; init; } = JsonDataConverter.Default;
}
