using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.Stores;

/// <summary>
/// Rows in Table Storage. Throws <see cref="StorageRejectedException"/> for what storage will never take, and
/// <see cref="RequestFailedException"/> for whatever else is not a conflict.
/// </summary>
public sealed partial class TableRowStore(TableClient table, ILogger<TableRowStore>? log = null) : IRowStore
{
    private readonly ILogger _log = log ?? NullLogger<TableRowStore>.Instance;

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
            RowLimits.Check(table.Name, changes);
            if (changes.Count == 1)
                return await CommitAsync(changes.Actions.First(), cancellation);
            var written = await table.SubmitTransactionAsync(changes.Actions, cancellation);
            foreach (var (action, answer) in changes.Actions.Zip(written.Value))
                TakeETag(action, answer);
            return true;
        }
        catch (RequestFailedException failure) when (IsConflict(failure))
        {
            return false;
        }
        catch (RequestFailedException failure) when (StorageRejectedException.IsRejection(failure))
        {
            var rejection = StorageRejectedException.Of($"{changes.Count} rows of table {table.Name}", RowLimits.Measure(changes), failure);
            LogRejected(rejection.Message);
            throw rejection;
        }
        catch (StorageRejectedException rejection)
        {
            LogRejected(rejection.Message);
            throw;
        }
    }

    /// <summary>A single change needs no transaction, which is the longer way.</summary>
    private async Task<bool> CommitAsync(TableTransactionAction action, CancellationToken cancellation)
    {
        var row = action.Entity;
        var answer = await (action.ActionType switch
        {
            TableTransactionActionType.Add => table.AddEntityAsync(row, cancellation),
            TableTransactionActionType.UpdateReplace => table.UpdateEntityAsync(row, action.ETag, TableUpdateMode.Replace, cancellation),
            TableTransactionActionType.UpdateMerge => table.UpdateEntityAsync(row, action.ETag, TableUpdateMode.Merge, cancellation),
            TableTransactionActionType.UpsertReplace => table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation),
            TableTransactionActionType.Delete => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, action.ETag, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action.ActionType, "Not a change that is made here."),
        });
        // The library takes the deletion of what is not there for a success.
        if (answer.Status is 404)
            return false;
        TakeETag(action, answer);
        return true;
    }

    private static void TakeETag(TableTransactionAction action, Response answer)
    {
        if (action.ActionType is not TableTransactionActionType.Delete)
            action.Entity.ETag = answer.Headers.ETag ?? throw new InvalidDataException("Storage answered a change without its ETag.");
    }

    private static bool IsConflict(RequestFailedException failure) =>
        failure.Status is 412
        || (failure.Status is 409 && failure.ErrorCode == TableErrorCode.EntityAlreadyExists)
        || (failure.Status is 404 && failure.ErrorCode == TableErrorCode.ResourceNotFound);

    [LoggerMessage(1, LogLevel.Error, "{Rejection}")]
    private partial void LogRejected(string rejection);
}
