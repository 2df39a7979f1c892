using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using Azure.Data.Tables;

namespace ClipiaFlows.Stores;

/// <summary>
/// Makes a row of its own type from one that was read among others. The library reads one type a query, and one query for
/// several kinds of rows is one transaction instead of several.
/// </summary>
public static class TypedRow
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> ColumnsOf = new();

    /// <summary>The row as that type; columns that it does not have are left out.</summary>
    /// <exception cref="FormatException">A column holds something else than the type's property.</exception>
    public static T As<T>(this TableEntity entity) where T : class, ITableEntity, new()
    {
        var row = new T { PartitionKey = entity.PartitionKey, RowKey = entity.RowKey, Timestamp = entity.Timestamp, ETag = entity.ETag };
        foreach (var column in ColumnsOf.GetOrAdd(typeof(T), FindColumns))
        {
            if (entity.TryGetValue(column.Name, out var value) && value is not null)
                column.SetValue(row, Convert(value, Nullable.GetUnderlyingType(column.PropertyType) ?? column.PropertyType));
        }

        return row;
    }

    /// <summary>What a row would be written with, besides its keys.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> ValuesOf(ITableEntity row) => row is TableEntity entity
        ? entity.Where(column => column.Key is not (nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey) or nameof(ITableEntity.Timestamp) or "odata.etag"))!
        : ColumnsOf.GetOrAdd(row.GetType(), FindColumns).Select(column => KeyValuePair.Create(column.Name, column.GetValue(row)));

    private static object Convert(object value, Type type) => value switch
    {
        string name when type.IsEnum => Enum.Parse(type, name),
        IConvertible when !type.IsInstanceOfType(value) => System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static PropertyInfo[] FindColumns(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite
            && property.Name is not (nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey) or nameof(ITableEntity.Timestamp) or nameof(ITableEntity.ETag))
            && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null),
    ];
}
