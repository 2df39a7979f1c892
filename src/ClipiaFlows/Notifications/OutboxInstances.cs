using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Notifications;

/// <summary>Sees to it that the events in a batch's outbox are sent.</summary>
public static class OutboxInstances
{
    /// <summary>
    /// Says that there are new events: wakes the batch's instance of <see cref="TellOthers"/>, or starts it. Called after the
    /// transaction that added them. When that call is lost, the watchdog starts an instance that is gone within a minute, and
    /// one that waits looks every ten minutes. May be repeated.
    /// </summary>
    public static async Task WakeAsync(string batch, DurableTaskClient client, CancellationToken cancellation)
    {
        var id = InstanceIds.ForEvents(batch);
        var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellation);
        if (instance is { IsRunning: true } or { RuntimeStatus: OrchestrationRuntimeStatus.Suspended }
            || !await StartAsync(batch, client, cancellation))
            await client.RaiseEventAsync(id, Events.WakeUp, "", cancellation);
    }

    /// <summary>Starts the instance unless it runs; <c>false</c> when it does. May be repeated.</summary>
    public static Task<bool> StartAsync(string batch, DurableTaskClient client, CancellationToken cancellation) => InstanceStart.TryAsync(
        client, TellOthers.Name, InstanceIds.ForEvents(batch), new BatchRef { Batch = batch }, alsoAfterCompletion: true, cancellation);

    /// <summary>Whether events of that batch are waiting to be sent.</summary>
    public static async Task<bool> HasEventsAsync(Tables tables, string batch, CancellationToken cancellation)
    {
        await foreach (var _ in tables.Jobs.RangeAsync<OutboxRow>(
            batch, RowKeys.Outbox(0), RowKeys.EndOf("O"), 1, cancellation, [nameof(OutboxRow.Sequence)]))
            return true;
        return false;
    }
}
