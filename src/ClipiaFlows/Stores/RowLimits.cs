using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace ClipiaFlows.Stores;

/// <summary>
/// What Azure Table Storage takes, by its documentation ("Understanding the Table service data model"). Checked before anything is
/// sent, because Azurite takes more.
/// </summary>
public static class RowLimits
{
    private const int MaxStringLength = 32 * 1024;
    private const int MaxBinaryLength = 64 * 1024;
    private const int MaxKeyLength = 512;
    private const int MaxNameLength = 255;
    private const int MaxProperties = 252;
    private const int MaxRowBytes = 1024 * 1024;
    private const int MaxTransactionBytes = 4 * 1024 * 1024;

    // What the protocol needs for one change besides its properties.
    private const int EnvelopeBytes = 1024;

    /// <summary>Refuses changes that Azure would refuse for their size or their keys.</summary>
    /// <param name="table">Name of the table, for the message.</param>
    /// <param name="changes">The changes of one transaction.</param>
    /// <exception cref="StorageRejectedException">They are too large.</exception>
    public static void Check(string table, RowChanges changes)
    {
        var sent = 0L;
        foreach (var action in changes.Actions)
        {
            if (CheckRow(action, ref sent) is { } objection)
                throw new StorageRejectedException($"Table {table} cannot take {KindOf(action.Entity)}: {objection}.");
        }

        if (sent > MaxTransactionBytes)
            throw new StorageRejectedException(string.Create(CultureInfo.InvariantCulture, $"Table {table} cannot take {changes.Count} rows at once: they have {sent} bytes, and a transaction at most {MaxTransactionBytes}."));
    }

    /// <summary>About how many bytes the changes have when they are sent.</summary>
    internal static long Measure(RowChanges changes)
    {
        var sent = 0L;
        foreach (var action in changes.Actions)
            CheckRow(action, ref sent);
        return sent;
    }

    private static string? CheckRow(TableTransactionAction action, ref long sent)
    {
        var row = action.Entity;
        if ((Key("partition", row.PartitionKey) ?? Key("row", row.RowKey)) is { } wrongKey)
            return wrongKey;
        sent += EnvelopeBytes;
        if (action.ActionType is TableTransactionActionType.Delete)
            return null;

        var (bytes, count) = (4L + 2 * (row.PartitionKey.Length + row.RowKey.Length), 0);
        foreach (var (name, value) in TypedRow.ValuesOf(row))
        {
            if (value is null)
                continue;
            count++;
            var (length, most, unit) = value switch
            {
                string text => (text.Length, MaxStringLength, "characters"),
                byte[] binary => (binary.Length, MaxBinaryLength, "bytes"),
                _ => (0, 1, ""),
            };
            if (length > most)
                return string.Create(CultureInfo.InvariantCulture, $"its property {name} has {length} {unit}, and a property at most {most}");
            if (name.Length > MaxNameLength)
                return string.Create(CultureInfo.InvariantCulture, $"a property has a name of {name.Length} characters, at most {MaxNameLength} are possible");
            bytes += 8 + 2 * name.Length + (value is string ? 4 + 2 * length : value is byte[] ? 4 + length : 16);
            sent += 64 + 2 * name.Length + (value is string written ? SentBytes(written) : value is byte[] ? 4 * (length / 3 + 1) : 40);
        }

        if (count > MaxProperties)
            return string.Create(CultureInfo.InvariantCulture, $"it has {count} properties, and a row at most {MaxProperties}");
        return bytes > MaxRowBytes ? string.Create(CultureInfo.InvariantCulture, $"it has {bytes} bytes, and a row at most {MaxRowBytes}") : null;
    }

    /// <summary>The client library escapes everything but ASCII letters, digits and some signs as <c>\uXXXX</c>.</summary>
    private static int SentBytes(string text)
    {
        var bytes = 2;
        foreach (var character in text)
            bytes += character is >= ' ' and < '\u007F' and not ('"' or '\'' or '&' or '<' or '>' or '+' or '`') ? 1 : 6;
        return bytes;
    }

    private static string? Key(string which, string key)
    {
        if (key.Length > MaxKeyLength)
            return string.Create(CultureInfo.InvariantCulture, $"its {which} key has {key.Length} characters, and a key at most {MaxKeyLength}");
        foreach (var rune in key.EnumerateRunes())
        {
            if (rune.Value is '/' or '\\' or '#' or '?' || Rune.IsControl(rune))
                return string.Create(CultureInfo.InvariantCulture, $"its {which} key has the character U+{rune.Value:X4}, which keys cannot have");
        }

        return null;
    }

    private static string KindOf(ITableEntity row) => row.RowKey.IndexOf('|', StringComparison.Ordinal) is > 0 and var bar && bar <= 2
        ? $"a row of kind {row.RowKey[..bar]}"
        : "a row";
}
