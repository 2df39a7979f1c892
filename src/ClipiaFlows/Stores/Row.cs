using Azure;
using Azure.Data.Tables;

namespace ClipiaFlows.Stores;

/// <summary>What every row has.</summary>
public abstract class Row : ITableEntity
{
    /// <summary>The batch for rows of the Jobs table; a fixed word elsewhere.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>The row's key within its partition.</summary>
    public string RowKey { get; set; } = "";

    /// <summary>Set by the service.</summary>
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version that was read; what conditional writes compare with.</summary>
    public ETag ETag { get; set; }
}
