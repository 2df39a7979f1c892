using System.Globalization;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// A batch in the Batches table: in partition <see cref="All"/> newest first, for listing; in <see cref="Active"/> while it
/// is not finished, for the watchdog.
/// </summary>
public sealed class BatchIndexRow : Row
{
    /// <summary>Every batch, newest first.</summary>
    public const string All = "all";

    /// <summary>The batches that are not finished, by id.</summary>
    public const string Active = "active";

    /// <summary>The batch.</summary>
    public string Batch { get; set; } = "";

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The entry for listing.</summary>
    public static BatchIndexRow ForListing(string batch, DateTimeOffset createdAt) => new()
    {
        PartitionKey = All,
        RowKey = string.Create(
            CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - createdAt.UtcTicks:D19}|{batch}"),
        Batch = batch,
        CreatedAt = createdAt,
    };

    /// <summary>The entry for the watchdog.</summary>
    public static BatchIndexRow ForWatchdog(string batch, DateTimeOffset createdAt) => new()
    {
        PartitionKey = Active,
        RowKey = batch,
        Batch = batch,
        CreatedAt = createdAt,
    };
}
