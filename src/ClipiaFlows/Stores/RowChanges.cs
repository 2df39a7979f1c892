using Azure;
using Azure.Data.Tables;

namespace ClipiaFlows.Stores;

/// <summary>The changes of one step, collected for one entity group transaction.</summary>
public sealed class RowChanges
{
    private readonly List<TableTransactionAction> _actions = [];

    /// <summary>The changes, in no order that matters.</summary>
    public IReadOnlyCollection<TableTransactionAction> Actions => _actions;

    /// <summary>How many changes there are; a transaction takes 100.</summary>
    public int Count => _actions.Count;

    /// <summary>One change: the row as it now is, if nobody else changed it.</summary>
    public static RowChanges Replacing(ITableEntity row)
    {
        var changes = new RowChanges();
        changes.Replace(row);
        return changes;
    }

    /// <summary>One change: the row as it now is, whatever stands there.</summary>
    public static RowChanges Putting(ITableEntity row)
    {
        var changes = new RowChanges();
        changes.Put(row);
        return changes;
    }

    /// <summary>A new row; a conflict when one exists.</summary>
    public void Add(ITableEntity row) => _actions.Add(new(TableTransactionActionType.Add, row));

    /// <summary>The row as it now is; a conflict when somebody else changed it since it was read.</summary>
    public void Replace(ITableEntity row) => _actions.Add(new(TableTransactionActionType.UpdateReplace, row, row.ETag));

    /// <summary>The row as it now is, whatever stands there.</summary>
    public void Put(ITableEntity row) => _actions.Add(new(TableTransactionActionType.UpsertReplace, row));

    /// <summary>Deletes the row; a conflict when somebody else changed it since it was read.</summary>
    public void Delete(ITableEntity row) => _actions.Add(new(TableTransactionActionType.Delete, row, row.ETag));

    /// <summary>Sets some properties of an existing row, whatever else it holds; a conflict when it is gone.</summary>
    public void Merge(string partition, string key, params ReadOnlySpan<(string Name, object Value)> properties)
    {
        var row = new TableEntity(partition, key);
        foreach (var (name, value) in properties)
            row[name] = value;
        _actions.Add(new(TableTransactionActionType.UpdateMerge, row, ETag.All));
    }
}
