using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary>An option of a list and the query parameter that it becomes.</summary>
internal sealed record ListFilter(string Option, string Parameter, string? Value);

/// <summary>The first entries of a list, in the words of the options that were typed.</summary>
internal static class ListQuery
{
    /// <summary>As many entries as wanted, and whether there are more.</summary>
    public static async Task<(List<JsonElement> Entries, bool HasMore)> ReadAsync(
        AppClient app, string path, string member, IReadOnlyList<ListFilter> filters, int limit, CancellationToken cancellation)
    {
        var query = filters.Select(filter => (filter.Parameter, filter.Value)).ToList();
        var entries = await OptionNames.TranslateAsync(
            filters.Select(filter => new OptionName(filter.Option, filter.Parameter)),
            async () => await app.ListAsync(path, member, query, limit < int.MaxValue ? limit + 1 : limit, cancellation).ToListAsync(cancellation));
        var hasMore = entries.Count > limit;
        return (hasMore ? entries[..limit] : entries, hasMore);
    }

    /// <summary>Says on standard error that not everything is shown.</summary>
    public static void ReportMore(int shown, long? total, string what) => Talk.Line(total is { } all && all > shown
        ? string.Create(CultureInfo.InvariantCulture, $"{shown:#,0} of {all:#,0} {what} shown; --limit {all} shows all.")
        : string.Create(CultureInfo.InvariantCulture, $"{shown:#,0} {what} shown, there are more; --limit N shows up to N."));
}
