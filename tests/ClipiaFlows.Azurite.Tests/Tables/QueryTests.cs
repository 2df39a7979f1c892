using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class QueryTests
{
    [Fact]
    public async Task QueryAsync_MoreThanAThousandRows_ReadsEveryPage()
    {
        var table = await FilledAsync(1_105);

        var pages = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages().ToListAsync();

        Assert.Equal([1_000, 105], pages.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, 1_105), pages.SelectMany(page => page.Values).Select(entity => entity.GetInt32("N")!.Value));
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact]
    public async Task AsPages_FromATokenOfAnEarlierQuery_GoesOnWhereItEnded()
    {
        var table = await FilledAsync(25);
        var firstPage = (await table.QueryAsync<TableEntity>(maxPerPage: 10).AsPages().ToListAsync())[0];

        var rest = await table.QueryAsync<TableEntity>().AsPages(firstPage.ContinuationToken, pageSizeHint: 8).ToListAsync();

        Assert.Equal(10, firstPage.Values.Count);
        Assert.Equal([8, 7], rest.Select(page => page.Values.Count));
        Assert.Equal(10, rest[0].Values[0].GetInt32("N"));
    }

    [Fact]
    public async Task QueryAsync_PrefixRangeAndSelect_BringsTheseRowsAndColumns()
    {
        var table = await FilledAsync(30);
        var (from, to) = ("J|0010", "J|0020");

        var found = await table.QueryAsync<TableEntity>(
            e => e.PartitionKey == "p" && e.RowKey.CompareTo(from) >= 0 && e.RowKey.CompareTo(to) < 0,
            select: ["RowKey"]).ToListAsync();

        Assert.Equal(Enumerable.Range(10, 10).Select(n => $"J|{n:0000}"), found.Select(entity => entity.RowKey));
        Assert.All(found, entity => Assert.False(entity.ContainsKey("N")));
    }

    [Fact]
    public async Task QueryAsync_NoTable_ThrowsWhenEnumerated()
    {
        var table = new TableClient(await SharedAzurite.ConnectionStringAsync(), SharedAzurite.NewTableName());

        var missing = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => table.QueryAsync<TableEntity>().ToListAsync());

        Assert.Equal("TableNotFound", missing.ErrorCode);
    }

    private static async Task<TableClient> FilledAsync(int rows)
    {
        var table = await SharedAzurite.NewTableAsync();
        foreach (var chunk in Enumerable.Range(0, rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(n => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity("p", $"J|{n:0000}") { ["N"] = n })));
        }

        return table;
    }
}
