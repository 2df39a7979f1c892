using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace ClipiaFlows.Stores;

/// <summary>Rows in Table Storage. Throws <see cref="RequestFailedException"/> for whatever is not a conflict.</summary>
public sealed class TableRowStore(TableClient table) : IRowStore
{
    private const int MaxPageSize = 1000;
    private static readonly string[] Keys = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    /// <inheritdoc />
    public async Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation)
        where T : class, ITableEntity, new()
    {
        var found = await table.GetEntityIfExistsAsync<T>(partition, key, cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<T> RangeAsync<T>(
        string partition,
        string from,
        string before,
        int? limit,
        [EnumeratorCancellation] CancellationToken cancellation,
        IReadOnlyList<string>? columns = null,
        IReadOnlyList<(string Column, string Value)>? where = null)
        where T : class, ITableEntity, new()
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {before}");
        foreach (var (column, value) in where ?? [])
            filter += $" and {column} eq " + TableClient.CreateQueryFilter($"{value}");
        var left = limit ?? int.MaxValue;
        if (left <= 0)
            yield break;
        var select = columns is null ? null : columns.Concat(Keys);
        await foreach (var row in table.QueryAsync<T>(filter, Math.Min(left, MaxPageSize), select, cancellation))
        {
            yield return row;
            if (--left == 0)
                yield break;
        }
    }

    /// <inheritdoc />
    public async Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation)
    {
        try
        {
            var written = await table.SubmitTransactionAsync(changes.Actions, cancellation);
            foreach (var (action, answer) in changes.Actions.Zip(written.Value))
            {
                if (action.ActionType is not TableTransactionActionType.Delete)
                    action.Entity.ETag = answer.Headers.ETag ?? throw new InvalidDataException("Storage answered a change without its ETag.");
            }

            return true;
        }
        catch (RequestFailedException failure) when (IsConflict(failure))
        {
            return false;
        }
    }

    private static bool IsConflict(RequestFailedException failure) =>
        failure.Status is 412
        || (failure.Status is 409 && failure.ErrorCode == TableErrorCode.EntityAlreadyExists)
        || (failure.Status is 404 && failure.ErrorCode == TableErrorCode.ResourceNotFound);
}
