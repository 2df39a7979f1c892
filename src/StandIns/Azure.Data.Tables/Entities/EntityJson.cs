using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities as the service's JSON: plain properties, and beside those whose type JSON cannot tell an annotation.</summary>
internal static class EntityJson
{
    public const string ETagName = "odata.etag";
    private const string TypeSuffix = "@odata.type";

    public static BinaryData Write(ITableEntity entity)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in PropertiesOf(entity))
                WriteProperty(writer, name, value);
            writer.WriteEndObject();
        }

        return BinaryData.FromBytes(stream.ToArray());
    }

    public static T Read<T>(JsonElement json)
    {
        var entity = Activator.CreateInstance<T>();
        if (entity is IDictionary<string, object> properties)
            ReadInto(properties, json);
        else
            EntityShape.Of(typeof(T)).ReadInto(entity, json);
        return entity;
    }

    private static IEnumerable<KeyValuePair<string, object>> PropertiesOf(ITableEntity entity) =>
        entity as IDictionary<string, object> ?? EntityShape.Of(entity.GetType()).PropertiesOf(entity);

    /// <summary>The service keeps neither nulls nor what it sets itself.</summary>
    private static void WriteProperty(Utf8JsonWriter writer, string name, object value)
    {
        var ownedByService = name is nameof(ITableEntity.Timestamp) or nameof(ITableEntity.ETag)
            || name.StartsWith("odata.", StringComparison.Ordinal);
        if (value is null || ownedByService)
            return;
        writer.WritePropertyName(name);
        if (EdmValue.Write(writer, value) is { } type)
            writer.WriteString(name + TypeSuffix, type);
    }

    private static void ReadInto(IDictionary<string, object> entity, JsonElement json)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
                continue;
            var type = property.Name == nameof(ITableEntity.Timestamp) ? EdmValue.DateTime
                : json.TryGetProperty(property.Name + TypeSuffix, out var annotation) ? annotation.GetString()
                : null;
            entity[property.Name] = EdmValue.Read(property.Value, type);
        }
    }
}
