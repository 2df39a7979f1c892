using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Tests.Support;

/// <summary>A client whose backend only remembers which instances were started and which events raised.</summary>
internal sealed class RecordingClient() : DurableTaskClient("recording")
{
    public Dictionary<string, OrchestrationRuntimeStatus> Instances { get; } = [];

    public List<(string Instance, string Event)> Events { get; } = [];

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        lock (Instances)
        {
            if (Instances.TryGetValue(options!.InstanceId!, out var status) && options.DedupeStatuses!.Contains(status.ToString()))
                throw new InvalidOperationException("It exists already.");
            Instances[options.InstanceId!] = OrchestrationRuntimeStatus.Running;
            return Task.FromResult(options.InstanceId!);
        }
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        lock (Instances)
            Events.Add((instanceId, eventName));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        lock (Instances)
        {
            return Task.FromResult(Instances.TryGetValue(instanceId, out var status)
                ? new OrchestrationMetadata("any", instanceId) { RuntimeStatus = status }
                : null);
        }
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation) is { IsCompleted: true } ended
            ? ended
            : throw new InvalidOperationException($"{instanceId} never ends here.");

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        lock (Instances)
            Instances[instanceId] = OrchestrationRuntimeStatus.Terminated;
        return Task.CompletedTask;
    }

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        lock (Instances)
            return Task.FromResult(new PurgeResult(Instances.Remove(instanceId) ? 1 : 0));
    }

    /// <summary>The instance has run to its end.</summary>
    public void Complete(string instanceId)
    {
        lock (Instances)
            Instances[instanceId] = OrchestrationRuntimeStatus.Completed;
    }

    public override Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
