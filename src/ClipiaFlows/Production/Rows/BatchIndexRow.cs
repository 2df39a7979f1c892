using System.Globalization;
using ClipiaFlows.Starting;
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

    /// <summary>The batch's name, for listing.</summary>
    public string? Name { get; set; }

    /// <summary>The batch's tags, for listing: a JSON object of strings.</summary>
    public string? TagsJson { get; set; }

    /// <summary>What it is listed as: see <see cref="ListedAs"/>.</summary>
    public string? State { get; set; }

    /// <summary>For the watchdog: until when the batch sleeps, because it waits for a person.</summary>
    public DateTimeOffset? RestsUntil { get; set; }

    /// <summary>For the watchdog: when something was last written that the batch has to look at, whether it sleeps or not.</summary>
    public DateTimeOffset? CalledAt { get; set; }

    /// <summary>
    /// The state that a batch is listed as. Those that every batch goes through count as one, so that a usual batch changes its
    /// entry only once, at its end.
    /// </summary>
    public static string ListedAs(BatchState state) => state is BatchState.Planning or BatchState.Running ? "Active" : state.ToString();

    /// <summary>The entry for listing.</summary>
    public static BatchIndexRow ForListing(string batch, DateTimeOffset createdAt) => new()
    {
        PartitionKey = All,
        RowKey = $"{NotYoungerThan(createdAt)}{batch}",
        Batch = batch,
        CreatedAt = createdAt,
    };

    /// <summary>The entry for listing, with what lists are filtered by.</summary>
    public static BatchIndexRow ForListing(BatchRow batch)
    {
        var entry = ForListing(batch.PartitionKey, batch.CreatedAt);
        (entry.Name, entry.TagsJson, entry.State) = (batch.Name, batch.TagsJson, ListedAs(batch.State));
        return entry;
    }

    /// <summary>The first key of the entries for listing that were accepted at that moment or before.</summary>
    public static string NotYoungerThan(DateTimeOffset moment) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - moment.UtcTicks:D19}|");

    /// <summary>Whether a text could be the key of an entry for listing.</summary>
    public static bool IsListingKey(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        return bar == NotYoungerThan(default).Length - 1 && text.AsSpan(0, bar).IndexOfAnyExceptInRange('0', '9') < 0 && BatchIds.IsValid(text[(bar + 1)..]);
    }

    /// <summary>The entry for the watchdog.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="createdAt">When it was accepted; long ago when no batch is to come for the entry.</param>
    /// <param name="calledAt">When something was written that the batch has to look at; <c>null</c> for a new one.</param>
    public static BatchIndexRow ForWatchdog(string batch, DateTimeOffset createdAt, DateTimeOffset? calledAt = null) => new()
    {
        CalledAt = calledAt,
        PartitionKey = Active,
        RowKey = batch,
        Batch = batch,
        CreatedAt = createdAt,
    };
}
