using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>What waits for Advance: commands and markers.</summary>
internal static class Inbox
{
    /// <summary>Whether nothing waits.</summary>
    public static async Task<bool> IsEmptyAsync(Tables tables, string batch, CancellationToken cancellation) =>
        !await HasAnyAsync<CommandRow>(tables, batch, "X", cancellation) && !await HasAnyAsync<MarkerRow>(tables, batch, "D", cancellation);

    private static async Task<bool> HasAnyAsync<T>(Tables tables, string batch, string kind, CancellationToken cancellation)
        where T : Row, new()
    {
        await foreach (var _ in tables.Jobs.RangeAsync<T>(batch, kind + "|", RowKeys.EndOf(kind), 1, cancellation))
            return true;
        return false;
    }
}
