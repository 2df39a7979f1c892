using ClipiaFlows.LocalRuntime.Durable.Storage;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Clients;

/// <summary>The rules of starting an instance.</summary>
internal static class Starting
{
    /// <summary>Without other wish, an id that is in one of these states cannot be started.</summary>
    public static readonly IReadOnlyCollection<OrchestrationRuntimeStatus> Active =
    [
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
    ];

    public static NewInstance Create(
        string name, string? input, StartOrchestrationOptions? options, string? defaultVersion)
    {
        return new(
            string.IsNullOrEmpty(options?.InstanceId) ? Guid.NewGuid().ToString("N") : options.InstanceId,
            name,
            options?.Version?.Version ?? defaultVersion ?? "",
            input,
            Payload.Write(options?.Tags),
            options?.StartAt?.UtcTicks);
    }

    /// <summary>The states in which the id's instance is left alone.</summary>
    /// <exception cref="ArgumentException">A status is unknown, or the wish contradicts itself.</exception>
    public static IReadOnlyCollection<OrchestrationRuntimeStatus> Refusing(StartOrchestrationOptions? options)
    {
        if (options?.DedupeStatuses is not { } names) return Active;

        var refused = names.Select(Parse).ToArray();
        return refused.Contains(OrchestrationRuntimeStatus.Terminated) && Active.Any(status => !refused.Contains(status))
            ? throw new ArgumentException(
                "Invalid dedupe statuses: cannot include 'Terminated' while also allowing reuse of running instances, because "
                + "the running instance would be terminated and then immediately conflict with the dedupe check.")
            : refused;
    }

    public static OrchestrationAlreadyExistsException AlreadyExists(InstanceHead existing) => new(
        $"An orchestration with instance ID '{existing.Id}' and status '{existing.Status}' already exists");

    private static OrchestrationRuntimeStatus Parse(string name) =>
        Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status)
            ? status
            : throw new ArgumentException($"Invalid orchestration runtime status: '{name}' for deduplication.");
}
