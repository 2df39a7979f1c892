using Azure;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production.Steps;

/// <summary>
/// The beginning of a batch's ready queue. Advance alone changes the queue, always together with the batch's row, so what
/// was read once is right as long as that row has the ETag of then.
/// </summary>
/// <param name="batch">The batch row's ETag.</param>
/// <param name="rows">The first entries, in order.</param>
/// <param name="isWhole">Whether there are no others.</param>
public sealed class ReadyList(ETag batch, List<ReadyRow> rows, bool isWhole)
{
    /// <summary>The first entries, in order.</summary>
    public IReadOnlyList<ReadyRow> Rows => rows;

    /// <summary>Whether there are no others.</summary>
    public bool IsWhole => isWhole;

    /// <summary>Whether it is right for a batch row of that version.</summary>
    public bool IsOf(ETag version) => batch == version;

    /// <summary>The batch's row was written together with what changed here.</summary>
    internal void Renew(ETag version) => batch = version;

    internal void Insert(ReadyRow row)
    {
        var place = rows.FindIndex(entry => string.CompareOrdinal(entry.RowKey, row.RowKey) > 0);
        if (place >= 0)
            rows.Insert(place, row);
        else if (isWhole)
            rows.Add(row);
    }

    internal void Remove(ReadyRow row) => rows.RemoveAll(entry => entry.RowKey == row.RowKey);
}
