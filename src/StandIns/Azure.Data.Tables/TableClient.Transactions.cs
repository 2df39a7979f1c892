using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>All or nothing. The actions must be of one partition, at most 100 of them, each on another row.</summary>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
            throw new InvalidOperationException("Transaction must have at least one operation.");

        var content = new TransactionContent();
        foreach (var action in actions)
            content.Add(CreatePart(action));
        using var message = _service.CreateMessage(RequestMethod.Post, "$batch");
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, content.ContentType);
        message.Request.Content = content.Close();

        var response = await _service.SendAsync(message, cancellationToken, 202).ConfigureAwait(false);
        var answers = TransactionAnswers.Read(response);
        return answers.Find(answer => answer.IsError) is { } failed
            ? throw new TableTransactionFailedException(new RequestFailedException(failed, null, ErrorParser.Shared))
            : Response.FromValue<IReadOnlyList<Response>>(answers, response);
    }

    private Request CreatePart(TableTransactionAction action)
    {
        var entity = action.Entity;
        var path = ResourcePath.Entity(Name, entity.PartitionKey, entity.RowKey);
        switch (action.ActionType)
        {
            case TableTransactionActionType.Add:
                var add = _service.CreatePart(RequestMethod.Post, Name);
                EntityRequest.FillAdd(add, entity);
                return add;
            case TableTransactionActionType.Delete:
                var delete = _service.CreatePart(RequestMethod.Delete, path);
                EntityRequest.FillDelete(delete, action.ETag);
                return delete;
            case TableTransactionActionType.UpdateMerge:
                return Write(TableUpdateMode.Merge, action.ETag);
            case TableTransactionActionType.UpdateReplace:
                return Write(TableUpdateMode.Replace, action.ETag);
            case TableTransactionActionType.UpsertMerge:
                return Write(TableUpdateMode.Merge, default);
            case TableTransactionActionType.UpsertReplace:
                return Write(TableUpdateMode.Replace, default);
            default:
                throw new InvalidOperationException("Unknown request type.");
        }

        Request Write(TableUpdateMode mode, ETag ifMatch)
        {
            var write = _service.CreatePart(EntityRequest.MethodOf(mode), path);
            EntityRequest.FillWrite(write, entity, ifMatch);
            return write;
        }
    }
}
