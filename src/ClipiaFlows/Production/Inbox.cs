using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>What waits for Advance: markers and commands.</summary>
internal static class Inbox
{
    /// <summary>Whether nothing waits.</summary>
    public static async Task<bool> IsEmptyAsync(Tables tables, string batch, CancellationToken cancellation)
    {
        await foreach (var _ in tables.Jobs.RangeAsync<MarkerRow>(batch, "D|", RowKeys.EndOf("E"), 1, cancellation, []))
            return false;
        return true;
    }
}
