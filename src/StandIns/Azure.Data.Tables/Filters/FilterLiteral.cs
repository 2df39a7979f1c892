using System.Globalization;
using System.Text;
using System.Xml;

namespace Azure.Data.Tables;

/// <summary>Values in a filter.</summary>
internal static class FilterLiteral
{
    public static bool TryFormat(object value, out string literal)
    {
        literal = value switch
        {
            null => "null",
            string text => Quote(text),
            char text => Quote(text.ToString()),
            StringBuilder text => Quote(text.ToString()),
            bool flag => flag ? "true" : "false",
            long or ulong => $"{((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)}L",
            sbyte or byte or short or ushort or int or uint or decimal or float or double =>
                ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
            Guid id => $"guid'{id}'",
            byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
            BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
            DateTimeOffset instant => Instant(instant.UtcDateTime),
            DateTime instant => Instant(instant.ToUniversalTime()),
            Enum name => Quote(name.ToString()),
            _ => null,
        };
        return literal is not null;
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Instant(DateTime instant) =>
        $"datetime'{XmlConvert.ToString(instant, XmlDateTimeSerializationMode.RoundtripKind)}'";
}
