using Azure.Data.Tables;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Rows whose commits are effects of the flight that makes them.</summary>
internal sealed class GatedRowStore(string name, InMemoryRowStore rows, Action<RowChanges>? committed = null) : IRowStore
{
    public Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation) where T : class, ITableEntity, new() =>
        rows.FindAsync<T>(partition, key, cancellation);

    public IAsyncEnumerable<T> RangeAsync<T>(
        string partition, string from, string before, int? limit, CancellationToken cancellation,
        IReadOnlyList<string>? columns = null, IReadOnlyList<(string Column, string Value)>? where = null)
        where T : class, ITableEntity, new() =>
        rows.RangeAsync<T>(partition, from, before, limit, cancellation, columns, where);

    public async Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation)
    {
        await Flight.Before($"commit to {name}");
        if (!await rows.CommitAsync(changes, cancellation))
            return false;
        committed?.Invoke(changes);
        return true;
    }
}
