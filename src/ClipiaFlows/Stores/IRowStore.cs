using Azure.Data.Tables;

namespace ClipiaFlows.Stores;

/// <summary>
/// Rows of one table, each partition a unit of consistency. Implemented over Table Storage and, for tests in virtual
/// time, in memory; one contract suite proves both equal.
/// </summary>
public interface IRowStore
{
    /// <summary>The row, or <c>null</c> when there is none.</summary>
    Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation) where T : class, ITableEntity, new();

    /// <summary>Rows with <paramref name="from"/> ≤ key &lt; <paramref name="before"/> in key order (ordinal).</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="from">First key, included.</param>
    /// <param name="before">End of the range, not included.</param>
    /// <param name="limit">The most rows to answer; <c>null</c> for all of them.</param>
    /// <param name="columns">The properties to read; <c>null</c> for all. Keys and ETag come always.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="where">Properties and the texts (or names of an enum's values) that they must hold; <c>null</c> for all rows.</param>
    IAsyncEnumerable<T> RangeAsync<T>(
        string partition,
        string from,
        string before,
        int? limit,
        CancellationToken cancellation,
        IReadOnlyList<string>? columns = null,
        IReadOnlyList<(string Column, string Value)>? where = null)
        where T : class, ITableEntity, new();

    /// <summary>
    /// Writes all changes or none; all of one partition, at most 100, each row once. May be repeated: a repetition of a
    /// conditional change is a conflict. What was written then has its new ETag and needs not be read again.
    /// </summary>
    /// <returns><c>false</c> when a condition did not hold: a row exists already, is gone, or has another ETag.</returns>
    Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation);
}
