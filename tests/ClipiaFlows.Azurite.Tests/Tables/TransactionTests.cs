using Azure;
using Azure.Data.Tables;
using static Azure.Data.Tables.TableTransactionActionType;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class TransactionTests
{
    [Fact]
    public async Task SubmitTransactionAsync_EveryKindOfAction_DoesThemAllAndAnswersEach()
    {
        var table = await SharedAzurite.NewTableAsync();
        foreach (var row in new[] { "merge", "replace", "delete", "upmerge", "upreplace" })
            await table.AddEntityAsync(new TableEntity("p", row) { ["Old"] = row });
        var etag = (await table.GetEntityAsync<TableEntity>("p", "merge")).Value.ETag;

        var answers = await table.SubmitTransactionAsync(
        [
            new(Add, Row("add")),
            new(UpdateMerge, Row("merge"), etag),
            new(UpdateReplace, Row("replace"), ETag.All),
            new(Delete, Row("delete")),
            new(UpsertMerge, Row("upmerge")),
            new(UpsertReplace, Row("upreplace")),
            new(UpsertMerge, Row("new 'ünd' odd")),
        ]);

        Assert.Equal(202, answers.GetRawResponse().Status);
        Assert.Equal(7, answers.Value.Count);
        Assert.All(answers.Value, answer => Assert.Equal(204, answer.Status));
        var rows = await table.QueryAsync<TableEntity>().ToListAsync();
        Assert.Equal(
            ["add:new:", "merge:new:merge", "new 'ünd' odd:new:", "replace:new:", "upmerge:new:upmerge", "upreplace:new:"],
            rows.Select(row => $"{row.RowKey}:{row.GetString("New")}:{row.GetString("Old")}"));
        Assert.Equal(rows[0].ETag, answers.Value[0].Headers.ETag);
    }

    [Fact]
    public async Task SubmitTransactionAsync_OneActionFails_NamesItAndChangesNothing()
    {
        var table = await SharedAzurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "there") { ["Old"] = "kept" });

        var failed = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(Add, Row("first")),
            new(UpsertReplace, Row("second")),
            new(Add, Row("there")),
            new(Add, Row("last")),
        ]));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex));
        Assert.Equal("kept", Assert.Single(await table.QueryAsync<TableEntity>().ToListAsync()).GetString("Old"));
    }

    [Theory, InlineData(UpdateMerge), InlineData(UpdateReplace), InlineData(Delete)]
    public async Task SubmitTransactionAsync_StaleETag_FailsWith412(TableTransactionActionType kind)
    {
        var table = await SharedAzurite.NewTableAsync();
        var stale = (await table.AddEntityAsync(new TableEntity("p", "C"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(Row("C"));

        var failed = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([new(Add, Row("A")), new(kind, Row("C"), stale)]));

        Assert.Equal(
            (412, "UpdateConditionNotSatisfied", 1),
            (failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex));
        Assert.Single(await table.QueryAsync<TableEntity>().ToListAsync());
    }

    [Fact]
    public async Task SubmitTransactionAsync_DeleteOrUpdateOfAMissingRow_Fails()
    {
        var table = await SharedAzurite.NewTableAsync();

        foreach (var kind in new[] { Delete, UpdateMerge, UpdateReplace })
        {
            var failed = await Assert.ThrowsAsync<TableTransactionFailedException>(
                () => table.SubmitTransactionAsync([new(Add, Row("A")), new(kind, Row("missing"), ETag.All)]));
            Assert.Equal((404, "ResourceNotFound", 1), (failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex));
        }
    }

    [Fact]
    public async Task SubmitTransactionAsync_AHundredActions_AreTaken()
    {
        var table = await SharedAzurite.NewTableAsync();

        var answers = await table.SubmitTransactionAsync(
            Enumerable.Range(0, 100).Select(n => new TableTransactionAction(Add, Row($"{n}"))));

        Assert.Equal(100, answers.Value.Count);
    }

    [Fact]
    public async Task SubmitTransactionAsync_NoActions_Throws()
    {
        var table = await SharedAzurite.NewTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    private static TableEntity Row(string key) => new("p", key) { ["New"] = "new" };
}
