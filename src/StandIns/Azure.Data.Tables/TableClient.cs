using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

public partial class TableClient
{
    private readonly TableService _service;

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableService.Connect(connectionString, options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableService.Connect(endpoint, credential, options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableService.Connect(endpoint, tokenCredential, options), tableName)
    {
    }

    protected TableClient()
    {
    }

    internal TableClient(TableService service, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _service = service;
        Name = tableName;
        Uri = new Uri($"{service.Endpoint.AbsoluteUri}/{tableName}");
    }

    public virtual string Name { get; }

    public virtual string AccountName => _service.AccountName;

    public virtual Uri Uri { get; }

    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => FilterExpression.ToOData(filter);

    public static string CreateQueryFilter(FormattableString filter) => FilterText.ToOData(filter);

    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        using var message = CreateTableMessage();
        var response = await _service.SendAsync(message, cancellationToken, 201, 204).ConfigureAwait(false);
        return Response.FromValue(new TableItem(Name), response);
    }

    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = CreateTableMessage();
        var response = await _service.SendAsync(message, cancellationToken, 201, 204, 409).ConfigureAwait(false);

        // A table that is being deleted is a conflict, too, but does not exist.
        if (response.Status == 409 && new RequestFailedException(response) is var conflict
            && conflict.ErrorCode != TableErrorCode.TableAlreadyExists.ToString())
            throw conflict;
        return Response.FromValue(new TableItem(Name), response);
    }

    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Delete, ResourcePath.Table(Name));
        return await _service.SendAsync(message, cancellationToken, 204, 404).ConfigureAwait(false);
    }

    private HttpMessage CreateTableMessage()
    {
        var message = _service.CreateMessage(RequestMethod.Post, "Tables");
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, EntityRequest.Json);
        message.Request.Content = RequestContent.Create(EntityJson.Write(new TableEntity { ["TableName"] = Name }));
        return message;
    }
}
