using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

internal static class SqliteRows
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
