using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>The client of <see cref="EngineModel"/>; what it does is an effect of the flight that does it.</summary>
internal sealed class EngineClient(EngineModel engine) : DurableTaskClient("exploring")
{
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        await Flight.Before("start");
        var id = options!.InstanceId!;
        if (engine.Find(id) is { } known && options.DedupeStatuses!.Contains(known.Status.ToString()))
        {
            known.StartWasRefused |= known.IsActive;
            throw new InvalidOperationException("It exists already.");
        }

        engine.Start(id, orchestratorName, Payload.Serialize(input));
        return id;
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        await Flight.Before("event");
        engine.Send(instanceId, new(EventKind.EventRaised, 0, eventName, Payload.Serialize(eventPayload)));
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        return Task.FromResult(engine.Find(instanceId) is { } found
            ? new OrchestrationMetadata(found.Flow, found.Id) { RuntimeStatus = found.Status }
            : null);
    }

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        await Flight.Before("terminate");
        engine.Send(instanceId, new(EventKind.Terminated, 0, null, Payload.Serialize(options?.Output)));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        engine.Play();
        return engine.Find(instanceId) is { IsActive: false } ended
            ? Task.FromResult(new OrchestrationMetadata(ended.Flow, ended.Id) { RuntimeStatus = ended.Status })
            : throw new ViolationException($"Instance {instanceId} does not end although it was terminated.");
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        await Flight.Before("purge");
        engine.Remove(instanceId);
        return new PurgeResult(1, isComplete: true);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
