using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Clients;

/// <summary>Deletes ended instances, a page per transaction so that work goes on in between.</summary>
internal sealed class Purge(DurableStore store, Action<Effects> carryOut)
{
    // A few milliseconds of the writer's time.
    private const int PageSize = 25;

    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public async Task<PurgeResult> OneAsync(string instanceId, bool recursive)
    {
        var (found, purged, effects) = await store.WriteAsync(session =>
        {
            var effects = new Effects();
            var found = session.Find(instanceId);
            var purged = found is { IsActive: false } ? Remove(session, found, recursive, effects) : 0;
            return (found, purged, effects);
        });
        if (found is { IsActive: true })
        {
            throw new InvalidOperationException(
                "Only orchestrations in a terminal state can be purged, but the orchestration with instance ID "
                + $"{instanceId} has status {found.Status}");
        }

        carryOut(effects);
        return new(purged, isComplete: true);
    }

    public async Task<PurgeResult> ManyAsync(PurgeInstancesFilter filter, bool recursive, CancellationToken cancellation)
    {
        var purged = 0;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (filter.Timeout is { } timeout) deadline.CancelAfter(timeout);
        string? continuation = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested) return new(purged, isComplete: false);

            var before = continuation;
            var page = store.Read(session => new InstanceQuery(session)
                .EndedOnly()
                .WithStatus(filter.Statuses)
                .CreatedFrom(filter.CreatedFrom)
                .CreatedTo(filter.CreatedTo)
                .Before(before)
                .Heads(PageSize));
            if (page.Count == 0) return new(purged, isComplete: true);

            continuation = page[^1].Continuation;
            purged += await RemoveAsync(page, recursive);
        }
    }

    private async Task<int> RemoveAsync(List<InstanceHead> page, bool recursive)
    {
        var (purged, effects) = await store.WriteAsync(session =>
        {
            var effects = new Effects();
            var purged = page.Sum(head => session.Find(head.Key) is { IsActive: false } found
                ? Remove(session, found, recursive, effects)
                : 0);
            return (purged, effects);
        });
        carryOut(effects);
        return purged;
    }

    private static int Remove(WriteSession session, InstanceHead instance, bool recursive, Effects effects)
    {
        var purged = 1;
        if (recursive)
        {
            foreach (var key in session.Children(instance.Key, onlyActive: false))
            {
                if (session.Find(key) is { IsActive: false } child) purged += Remove(session, child, recursive, effects);
            }
        }

        session.Remove(instance, effects);
        return purged;
    }
}
