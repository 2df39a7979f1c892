using Azure.Data.Tables;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Support;

/// <summary>
/// A store whose answer to a write can get lost: the write is done, the client library sends it again, and learns that its
/// condition does not hold any more.
/// </summary>
internal sealed class LostAnswers(IRowStore store) : IRowStore
{
    /// <summary>Whether the answer to that write is lost.</summary>
    public Func<RowChanges, bool> Loses { get; set; } = _ => false;

    /// <summary>What somebody else does just before a write.</summary>
    public Func<RowChanges, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What somebody else does just after a write was done.</summary>
    public Func<RowChanges, Task> After { get; set; } = _ => Task.CompletedTask;

    public Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation) where T : class, ITableEntity, new() =>
        store.FindAsync<T>(partition, key, cancellation);

    public IAsyncEnumerable<T> RangeAsync<T>(
        string partition, string from, string before, int? limit, CancellationToken cancellation,
        IReadOnlyList<string>? columns = null, IReadOnlyList<(string Column, string Value)>? where = null)
        where T : class, ITableEntity, new() => store.RangeAsync<T>(partition, from, before, limit, cancellation, columns, where);

    public async Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation)
    {
        await Before(changes);
        var committed = await store.CommitAsync(changes, cancellation);
        if (committed)
            await After(changes);
        // A write without a condition is only done twice.
        return committed && Loses(changes) ? await store.CommitAsync(changes, cancellation) : committed;
    }
}
