namespace Azure.Data.Tables;

/// <summary>Addresses under the endpoint. Quotes in keys are doubled, then everything is percent-encoded.</summary>
internal static class ResourcePath
{
    public static string Table(string name) => $"Tables('{Uri.EscapeDataString(name)}')";

    public static string Entity(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Key(partitionKey)}',RowKey='{Key(rowKey)}')";

    /// <summary>The query string of the parameters that have a value.</summary>
    public static string Query(params (string Name, string Value)[] parameters)
    {
        var given = parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}");
        var query = string.Join('&', given);
        return query.Length > 0 ? "?" + query : "";
    }

    private static string Key(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
