using Azure.Data.Tables;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Support;

/// <summary>Rows of another store; counts how often it is read.</summary>
internal sealed class CountedReads(IRowStore rows) : IRowStore
{
    private int _reads;

    public int Reads => _reads;

    public Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation) where T : class, ITableEntity, new()
    {
        Interlocked.Increment(ref _reads);
        return rows.FindAsync<T>(partition, key, cancellation);
    }

    public IAsyncEnumerable<T> RangeAsync<T>(
        string partition, string from, string before, int? limit, CancellationToken cancellation,
        IReadOnlyList<string>? columns = null, IReadOnlyList<(string Column, string Value)>? where = null)
        where T : class, ITableEntity, new()
    {
        Interlocked.Increment(ref _reads);
        return rows.RangeAsync<T>(partition, from, before, limit, cancellation, columns, where);
    }

    public Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation) => rows.CommitAsync(changes, cancellation);
}
