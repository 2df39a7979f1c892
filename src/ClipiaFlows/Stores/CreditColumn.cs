using System.Globalization;

namespace ClipiaFlows.Stores;

/// <summary>Credits as a column: Table Storage knows no decimal, and a double does not add up.</summary>
internal static class CreditColumn
{
    public static string Write(decimal credits) => credits.ToString("0.############", CultureInfo.InvariantCulture);

    public static decimal Read(string? column) =>
        string.IsNullOrEmpty(column) ? 0 : decimal.Parse(column, NumberStyles.Number, CultureInfo.InvariantCulture);
}
