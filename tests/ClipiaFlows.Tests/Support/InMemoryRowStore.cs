using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Support;

/// <summary>Rows in memory, with the conflicts of Table Storage; <see cref="Stores.RowStoreContract"/> proves it.</summary>
public sealed class InMemoryRowStore : IRowStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Partition, string Key), StoredRow> _rows = new(Ordinal.Instance);
    private int _versions;

    /// <summary>How many rows there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _rows.Count;
        }
    }

    /// <summary>Where they are, for a message.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return [.. _rows.Keys.Select(row => $"{row.Partition}/{row.Key}")];
        }
    }

    public Task<T?> FindAsync<T>(string partition, string key, CancellationToken cancellation) where T : class, ITableEntity, new()
    {
        lock (_lock)
            return Task.FromResult(_rows.TryGetValue((partition, key), out var row) ? row.As<T>() : null);
    }

    public async IAsyncEnumerable<T> RangeAsync<T>(
        string partition, string from, string before, int? limit, [EnumeratorCancellation] CancellationToken cancellation,
        IReadOnlyList<string>? columns = null, IReadOnlyList<(string Column, string Value)>? where = null)
        where T : class, ITableEntity, new()
    {
        List<T> found;
        lock (_lock)
        {
            found = [.. _rows
                .Where(row => row.Key.Partition == partition
                    && string.CompareOrdinal(row.Key.Key, from) >= 0 && string.CompareOrdinal(row.Key.Key, before) < 0)
                .Where(row => where?.All(one => row.Value.Values.TryGetValue(one.Column, out var value) && one.Value.Equals(value)) ?? true)
                .Take(limit ?? int.MaxValue)
                .Select(row => row.Value.As<T>(columns))];
        }

        foreach (var row in found)
            yield return row;
        await Task.CompletedTask;
    }

    public Task<bool> CommitAsync(RowChanges changes, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (changes.Actions.Select(action => (action.Entity.PartitionKey, action.Entity.RowKey)).Distinct().Count() != changes.Count
                || changes.Count is 0 or > 100
                || changes.Actions.Select(action => action.Entity.PartitionKey).Distinct().Count() != 1)
                throw new RequestFailedException(400, "InvalidInput");
            RowLimits.Check("Rows", changes);
            if (!changes.Actions.All(Holds))
                return Task.FromResult(false);
            foreach (var action in changes.Actions)
                Apply(action);
            return Task.FromResult(true);
        }
    }

    /// <summary>Everything that is stored, in the order of keys.</summary>
    public IReadOnlyList<(string Partition, string Key, IReadOnlyDictionary<string, object> Values)> Snapshot()
    {
        lock (_lock)
            return [.. _rows.Select(row => (row.Key.Partition, row.Key.Key, (IReadOnlyDictionary<string, object>)row.Value.Values))];
    }

    private bool Holds(TableTransactionAction action)
    {
        var exists = _rows.TryGetValue((action.Entity.PartitionKey, action.Entity.RowKey), out var row);
        return action.ActionType switch
        {
            TableTransactionActionType.Add => !exists,
            TableTransactionActionType.UpsertReplace or TableTransactionActionType.UpsertMerge => true,
            _ => exists && (action.ETag == default || action.ETag == ETag.All || action.ETag == row!.ETag),
        };
    }

    private void Apply(TableTransactionAction action)
    {
        var key = (action.Entity.PartitionKey, action.Entity.RowKey);
        if (action.ActionType is TableTransactionActionType.Delete)
        {
            _rows.Remove(key);
            return;
        }

        var merges = action.ActionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge;
        var values = merges && _rows.TryGetValue(key, out var known) ? new Dictionary<string, object>(known.Values) : [];
        foreach (var (name, value) in StoredRow.ValuesOf(action.Entity))
            values[name] = value;
        action.Entity.ETag = new ETag($"\"{++_versions}\"");
        _rows[key] = new StoredRow(key.PartitionKey, key.RowKey, action.Entity.ETag, values);
    }

    private sealed record StoredRow(string Partition, string Key, ETag ETag, Dictionary<string, object> Values)
    {
        private static readonly HashSet<string> System =
            ["PartitionKey", "RowKey", "Timestamp", "ETag", "odata.etag"];

        private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();

        public static IEnumerable<KeyValuePair<string, object>> ValuesOf(ITableEntity entity) => entity is TableEntity open
            ? open.Where(property => !System.Contains(property.Key))
            : Columns(entity.GetType())
                .Select(property => KeyValuePair.Create(property.Name, property.GetValue(entity)!))
                .Where(property => property.Value is not null)
                .Select(property => property.Value is Enum named ? KeyValuePair.Create(property.Key, (object)named.ToString()) : property);

        public T As<T>(IReadOnlyList<string>? columns = null) where T : class, ITableEntity, new()
        {
            var entity = new TableEntity(Partition, Key) { ETag = ETag };
            foreach (var (name, value) in Values)
            {
                if (columns?.Contains(name) is not false)
                    entity[name] = value;
            }

            return entity as T ?? entity.As<T>();
        }

        private static PropertyInfo[] Columns(Type type) => Known.GetOrAdd(type, static type =>
        [
            .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(property => !System.Contains(property.Name) && property.CanWrite
                    && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null),
        ]);
    }

    private sealed class Ordinal : IComparer<(string Partition, string Key)>
    {
        public static readonly Ordinal Instance = new();

        public int Compare((string Partition, string Key) x, (string Partition, string Key) y) =>
            string.CompareOrdinal(x.Partition, y.Partition) is var order and not 0 ? order : string.CompareOrdinal(x.Key, y.Key);
    }
}
