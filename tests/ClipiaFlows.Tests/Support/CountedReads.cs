using Azure.Data.Tables;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Support;

/// <summary>Rows of another store; counts how often it is read and written.</summary>
internal sealed class CountedReads(IRowStore rows) : IRowStore
{
    private int _reads;
    private int _commits;

    public int Reads => _reads;

    public int Commits => _commits;

    public void Reset() => (_reads, _commits) = (0, 0);

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

    public Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _commits);
        return rows.CommitAsync(changes, cancellation);
    }
}
