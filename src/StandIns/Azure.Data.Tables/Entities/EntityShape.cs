using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>The members of a typed entity that are stored, under the names they have in the service.</summary>
internal sealed class EntityShape
{
    private static readonly ConcurrentDictionary<Type, EntityShape> Shapes = new();

    private readonly List<Column> _columns;

    private EntityShape(Type type)
    {
        const BindingFlags shown = BindingFlags.Public | BindingFlags.Instance;
        var properties = type.GetProperties(shown).Where(property => property.GetIndexParameters().Length == 0);

        // An entity may implement the interface explicitly; its keys are stored all the same.
        var hidden = typeof(ITableEntity).GetProperties().Where(property => type.GetProperty(property.Name, shown) is null);
        _columns = [.. properties.Concat(hidden).Select(Column.Of), .. type.GetFields(shown).Select(Column.Of)];
        _columns.RemoveAll(column => column is null);
    }

    public static EntityShape Of(Type type) => Shapes.GetOrAdd(type, static type => new EntityShape(type));

    /// <summary>The name under which a member is stored, which <see cref="DataMemberAttribute"/> can change.</summary>
    public static string NameOf(MemberInfo member) =>
        member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;

    public IEnumerable<KeyValuePair<string, object>> PropertiesOf(object entity) =>
        from column in _columns
        where column.Get is not null
        select KeyValuePair.Create(column.Name, column.Get(entity));

    public void ReadInto(object entity, JsonElement json)
    {
        foreach (var column in _columns.Where(column => column.Set is not null))
        {
            var name = column.Name == nameof(ITableEntity.ETag) ? EntityJson.ETagName : column.Name;
            if (json.TryGetProperty(name, out var value) && EdmValue.Read(value, column.Type) is { } read)
                column.Set(entity, read);
        }
    }

    private sealed record Column(string Name, Type Type, Func<object, object> Get, Action<object, object> Set)
    {
        public static Column Of(MemberInfo member) => member switch
        {
            _ when member.IsDefined(typeof(IgnoreDataMemberAttribute)) => null,
            PropertyInfo property => new(
                NameOf(property),
                property.PropertyType,
                property.CanRead ? property.GetValue : null,
                property.CanWrite ? property.SetValue : null),
            FieldInfo field => new(NameOf(field), field.FieldType, field.GetValue, field.IsInitOnly ? null : field.SetValue),
            _ => null,
        };
    }
}
