using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>Filters written as interpolated strings: the inserted values are quoted and escaped.</summary>
internal static class FilterText
{
    public static string ToOData(FormattableString filter)
    {
        if (filter is null)
            return null;
        var literals = filter.GetArguments().Select(Literal).ToArray<object>();
        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    private static string Literal(object value, int index) =>
        value is not Enum && FilterLiteral.TryFormat(value, out var literal)
            ? literal
            : throw new ArgumentException($"Unable to convert argument {index} from type {value.GetType()} to an OData literal.");
}
