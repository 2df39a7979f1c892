using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class TableLifeTests
{
    [Fact]
    public async Task CreateAsync_TableIsThere_ThrowsTableAlreadyExists()
    {
        var table = await SharedAzurite.NewTableAsync();

        var conflict = await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync());

        Assert.Equal((409, "TableAlreadyExists"), (conflict.Status, conflict.ErrorCode));
        Assert.True(conflict.ErrorCode == TableErrorCode.TableAlreadyExists);
    }

    [Fact]
    public async Task CreateIfNotExistsAsync_TwiceInARow_AnswersBothTimes()
    {
        var service = new TableServiceClient(await SharedAzurite.ConnectionStringAsync());
        var table = service.GetTableClient(SharedAzurite.NewTableName());

        var first = await table.CreateIfNotExistsAsync();
        var second = await table.CreateIfNotExistsAsync();

        Assert.Equal(table.Name, first.Value.Name);
        Assert.Equal(table.Name, second.Value.Name);
        Assert.Equal(409, second.GetRawResponse().Status);
    }

    [Fact]
    public async Task DeleteAsync_TableIsGone_AnswersNotFoundWithoutThrowing()
    {
        var table = await SharedAzurite.NewTableAsync();

        Assert.Equal(204, (await table.DeleteAsync()).Status);
        Assert.Equal(404, (await table.DeleteAsync()).Status);
    }

    [Fact]
    public async Task AddEntityAsync_NoTable_ThrowsTableNotFound()
    {
        var table = new TableClient(await SharedAzurite.ConnectionStringAsync(), SharedAzurite.NewTableName());

        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((404, "TableNotFound"), (missing.Status, missing.ErrorCode));
    }

    [Fact]
    public async Task Uri_OnAzurite_HasAccountAndTable()
    {
        var azurite = await SharedAzurite.Running;
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("Jobs");

        Assert.Equal($"{azurite.TableEndpoint}/Jobs", table.Uri.AbsoluteUri);
        Assert.Equal("devstoreaccount1", table.AccountName);
    }
}
