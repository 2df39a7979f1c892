using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Stores;

/// <summary>Azurite looks rows up by their keys here, and finds the same as before.</summary>
public sealed class AzuriteIndexesTests
{
    private static readonly string[] Partitions = ["a", "b", "it's", "1", "01", "1.0", "' or PartitionKey ne '"];
    private static readonly string[] Rows = ["A|1", "C", "10", "9", "it's"];

    [Theory]
    [InlineData("PartitionKey eq 'a'", "a: 10 9 A|1 C it's")]
    [InlineData("PartitionKey eq '1'", "1: 10 9 A|1 C it's")]
    [InlineData("PartitionKey eq 'it''s' and RowKey ge 'A' and RowKey lt 'D'", "it's: A|1 C")]
    [InlineData("PartitionKey eq '01' and RowKey eq '9' and Place eq '01/9'", "01: 9")]
    [InlineData("PartitionKey eq 'a' and RowKey eq '9' and Place eq 'b/9'", "")]
    [InlineData("PartitionKey eq 'a' or PartitionKey eq 'b'", "a: 10 9 A|1 C it's b: 10 9 A|1 C it's")]
    [InlineData("PartitionKey eq 'a' and RowKey eq 'C' or RowKey eq '9'", "' or PartitionKey ne ': 9 01: 9 1: 9 1.0: 9 a: 9 C b: 9 it's: 9")]
    [InlineData("PartitionKey eq '1' and not (RowKey eq 'C')", "1: 10 9 A|1 it's")]
    [InlineData("PartitionKey eq ''' or PartitionKey ne '''", "' or PartitionKey ne ': 10 9 A|1 C it's")]
    [InlineData("PartitionKey eq 'nobody'", "")]
    [InlineData("RowKey eq 'C' and PartitionKey eq 'b'", "b: C")]
    public async Task Query_AnyConditions_FindsExactlyTheRowsThatFulfillThem(string filter, string expected)
    {
        var table = await FilledAsync();

        var found = await table.QueryAsync<TableEntity>(filter).ToListAsync();

        Assert.Equal(expected, string.Join(' ', found.GroupBy(row => row.PartitionKey).Select(rows => $"{rows.Key}: {string.Join(' ', rows.Select(row => row.RowKey))}")));
    }

    [Fact]
    public async Task Get_KeysThatManyRowsShare_FindsTheOneRow()
    {
        var table = await FilledAsync();

        foreach (var (partition, row) in Partitions.SelectMany(_ => Rows, (partition, row) => (partition, row)))
            Assert.Equal($"{partition}/{row}", (await table.GetEntityAsync<TableEntity>(partition, row)).Value["Place"]);

        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("a", "1")).HasValue);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("1.00", "C")).HasValue);
    }

    private static async Task<TableClient> FilledAsync()
    {
        var table = await SharedAzurite.NewTableAsync();
        foreach (var partition in Partitions)
            await table.SubmitTransactionAsync(Rows.Select(row => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity(partition, row) { ["Place"] = $"{partition}/{row}" })));
        return table;
    }
}
