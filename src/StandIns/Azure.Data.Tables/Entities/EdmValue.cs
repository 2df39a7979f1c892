using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>One value of the service's type system, in JSON.</summary>
internal static class EdmValue
{
    public const string DateTime = "Edm.DateTime";
    private const string Binary = "Edm.Binary";
    private const string Double = "Edm.Double";
    private const string Guid = "Edm.Guid";
    private const string Int64 = "Edm.Int64";

    /// <summary>Writes the value and returns the type that must be named beside it, if any.</summary>
    public static string Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                return null;
            case bool flag:
                writer.WriteBooleanValue(flag);
                return null;
            case int number:
                writer.WriteNumberValue(number);
                return null;
            case Enum name:
                writer.WriteStringValue(name.ToString());
                return null;
            case long number:
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                return Int64;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                return Double;
            case double number:
                writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
                return Double;
            case System.Guid id:
                writer.WriteStringValue(id);
                return Guid;
            case DateTimeOffset instant:
                writer.WriteStringValue(Text(instant.UtcDateTime));
                return DateTime;
            case System.DateTime instant:
                writer.WriteStringValue(Text(instant));
                return DateTime;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                return Binary;
            case BinaryData bytes:
                writer.WriteBase64StringValue(bytes.ToMemory().Span);
                return Binary;
            default:
                // The genuine library writes some further types but cannot read them back.
                throw new NotSupportedException($"Not supported type {value.GetType()}");
        }
    }

    /// <summary>The value as a <see cref="TableEntity"/> holds it.</summary>
    public static object Read(JsonElement json, string type) => type switch
    {
        Binary => json.GetBytesFromBase64(),
        DateTime => json.GetDateTimeOffset(),
        Double => ReadDouble(json),
        Guid => json.GetGuid(),
        Int64 => ReadInt64(json),
        null or "Edm.String" or "Edm.Boolean" or "Edm.Int32" => ReadPlain(json),
        _ => throw new NotSupportedException($"Not supported type {type}"),
    };

    /// <summary>The value as a property of <paramref name="type"/> holds it; <c>null</c> for types that entities cannot have.</summary>
    public static object Read(JsonElement json, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when json.ValueKind == JsonValueKind.Null => null,
            _ when type == typeof(string) => json.ValueKind == JsonValueKind.String ? json.GetString() : null,
            _ when type == typeof(int) => json.GetInt32(),
            _ when type == typeof(long) => ReadInt64(json),
            _ when type == typeof(double) => ReadDouble(json),
            _ when type == typeof(bool) => json.GetBoolean(),
            _ when type == typeof(System.Guid) => json.GetGuid(),
            _ when type == typeof(DateTimeOffset) => json.GetDateTimeOffset(),
            _ when type == typeof(System.DateTime) => json.GetDateTimeOffset().UtcDateTime,
            _ when type == typeof(byte[]) => json.GetBytesFromBase64(),
            _ when type == typeof(BinaryData) => BinaryData.FromBytes(json.GetBytesFromBase64()),
            _ when type == typeof(ETag) => new ETag(json.GetString()),
            { IsEnum: true } => Enum.Parse(type, json.GetString()),
            _ => null,
        };
    }

    public static string Text(System.DateTime instant) => instant.Kind == DateTimeKind.Utc
        ? instant.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)
        : throw new NotSupportedException(
            $"DateTime {instant} has a Kind of {instant.Kind}. Azure SDK requires it to be UTC.");

    private static long ReadInt64(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? long.Parse(json.GetString(), CultureInfo.InvariantCulture)
        : json.GetInt64();

    private static double ReadDouble(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? double.Parse(json.GetString(), CultureInfo.InvariantCulture)
        : json.GetDouble();

    private static object ReadPlain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt32(out var number) => number,
        JsonValueKind.Number when json.TryGetInt64(out var number) => number,
        JsonValueKind.Number => json.GetDouble(),
        _ => null,
    };
}
