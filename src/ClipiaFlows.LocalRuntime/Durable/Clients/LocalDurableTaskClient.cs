using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Clients;

/// <summary>The client of the engine in the same process. What it has done is committed when its task ends.</summary>
internal sealed class LocalDurableTaskClient(
    DurableEngineOptions options, DataConverter converter, Func<DurableStore> store, Action<Effects> carryOut, InstanceWatch watch)
    : DurableTaskClient(options.HubName)
{
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var instance = Starting.Create(orchestratorName, Converter.Serialize(input), options, DefaultVersion);
        await StartAsync(instance, Starting.Refusing(options));
        return instance.Id;
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(
            instanceId, new(EventKind.EventRaised, 0, eventName, Converter.Serialize(eventPayload)), cancellation);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(
            instanceId, found => found.RuntimeStatus != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, found => found.IsCompleted, getInputsAndOutputs, cancellation);

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SendAsync(
            instanceId,
            new(EventKind.Terminated, options?.Recursive == true ? 1 : 0, null, Converter.Serialize(options?.Output)),
            cancellation);

    public override Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new(EventKind.Suspended, Payload: reason), cancellation);

    public override Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new(EventKind.Resumed, Payload: reason), cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Get(instanceId, getInputsAndOutputs));
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePages(store(), filter ?? new(), Name, Converter);

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var heads = store().Read(session => new InstanceQuery(session)
            .WithStatus(runtimeStatus)
            .EndedOnly()
            .CompletedFrom(completedTimeFrom)
            .CompletedTo(completedTimeTo)
            .Before(lastInstanceKey)
            .Heads(pageSize));
        var continuation = heads.Count == pageSize ? heads[^1].Continuation : null;
        return Task.FromResult(new Page<string>([.. heads.Select(head => head.Id)], continuation));
    }

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new Purge(store(), carryOut).OneAsync(instanceId, options?.Recursive == true);
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new Purge(store(), carryOut).ManyAsync(filter, options?.Recursive == true, cancellation);
    }

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var ended = Get(instanceId, withPayloads: true)
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.");
        if (!restartWithNewInstanceId && !ended.IsCompleted)
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted.");

        var id = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        await StartAsync(
            new(id, ended.Name, DefaultVersion ?? "", ended.SerializedInput, Payload.Write(ended.Tags)), Starting.Active);
        return id;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string? DefaultVersion => options.DefaultVersion;

    private DataConverter Converter => converter;

    private async Task StartAsync(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused)
    {
        var (existing, effects) = await store().WriteAsync<(InstanceHead?, Effects)>(session =>
        {
            var effects = new Effects();
            var existing = session.Find(instance.Id);
            if (existing is not null && refused.Contains(existing.Status)) return (existing, effects);
            session.Start(instance, effects);
            return (null, effects);
        });
        if (existing is not null) throw Starting.AlreadyExists(existing);
        carryOut(effects);
    }

    private async Task SendAsync(string instanceId, HistoryEvent happened, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        carryOut(await store().WriteAsync(session =>
        {
            var effects = new Effects();
            session.Send(instanceId, happened, effects);
            return effects;
        }));
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<OrchestrationMetadata, bool> isThere, bool withPayloads, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        while (true)
        {
            var change = watch.NextChange(instanceId);
            if (Get(instanceId, withPayloads) is { } found && isThere(found)) return found;
            await change.WaitAsync(cancellation);
        }
    }

    private OrchestrationMetadata? Get(string instanceId, bool withPayloads) => store().Read(session =>
        new InstanceQuery(session, Converter).WithId(instanceId).Metadata(1, withPayloads).Select(found => found.Instance).FirstOrDefault());
}
