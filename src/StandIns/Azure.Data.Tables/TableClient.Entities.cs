using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        using var message = _service.CreateMessage(RequestMethod.Post, Name);
        EntityRequest.FillAdd(message.Request, entity);
        return await _service.SendAsync(message, cancellationToken, 201, 204).ConfigureAwait(false);
    }

    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using var message = CreateGetMessage(partitionKey, rowKey, select);
        var response = await _service.SendAsync(message, cancellationToken, 200).ConfigureAwait(false);
        return Response.FromValue(Read<T>(response), response);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using var message = CreateGetMessage(partitionKey, rowKey, select);
        var response = await _service.SendAsync(message, cancellationToken, 200, 404).ConfigureAwait(false);
        return response.Status == 404
            ? new NoValueResponse<T>(response)
            : Response.FromValue(Read<T>(response), response);
    }

    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        return await WriteAsync(entity, mode, default, cancellationToken).ConfigureAwait(false);
    }

    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        if (ifMatch == default)
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        return await WriteAsync(entity, mode, ifMatch, cancellationToken).ConfigureAwait(false);
    }

    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = _service.CreateMessage(RequestMethod.Delete, ResourcePath.Entity(Name, partitionKey, rowKey));
        EntityRequest.FillDelete(message.Request, ifMatch);
        return await _service.SendAsync(message, cancellationToken, 204, 404).ConfigureAwait(false);
    }

    public virtual Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    private HttpMessage CreateGetMessage(string partitionKey, string rowKey, IEnumerable<string> select)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return _service.CreateMessage(
            RequestMethod.Get,
            ResourcePath.Entity(Name, partitionKey, rowKey),
            ResourcePath.Query(("$select", Join(select))));
    }

    private async Task<Response> WriteAsync(ITableEntity entity, TableUpdateMode mode, ETag ifMatch, CancellationToken cancellationToken)
    {
        var path = ResourcePath.Entity(Name, entity.PartitionKey, entity.RowKey);
        using var message = _service.CreateMessage(EntityRequest.MethodOf(mode), path);
        EntityRequest.FillWrite(message.Request, entity, ifMatch);
        return await _service.SendAsync(message, cancellationToken, 204).ConfigureAwait(false);
    }

    private static T Read<T>(Response response)
    {
        using var document = JsonDocument.Parse(response.Content);
        return EntityJson.Read<T>(document.RootElement);
    }

    private static string Join(IEnumerable<string> select) => select is null ? null : string.Join(',', select);

    private static void RequireKeys(ITableEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(entity.PartitionKey, nameof(entity.PartitionKey));
        ArgumentNullException.ThrowIfNull(entity.RowKey, nameof(entity.RowKey));
    }
}
