using Azure;
using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class EntityTests
{
    public static TheoryData<string> OddKeys() =>
        ["r'1 é +&=%41:;,()~!*@$", "J|00000017", "''", "a b", "%27", "日本語", "[x]{y}<z>\"^`", "..", "trailing.", "🎬"];

    [Theory, MemberData(nameof(OddKeys))]
    public async Task EveryOperation_OddKeys_MeetsTheSameEntity(string key)
    {
        var table = await SharedAzurite.NewTableAsync();

        await table.AddEntityAsync(new TableEntity(key, key) { ["Step"] = 1 });
        await table.UpdateEntityAsync(new TableEntity(key, key) { ["Step"] = 2 }, ETag.All);
        await table.UpsertEntityAsync(new TableEntity(key, key) { ["Name"] = key });
        var found = (await table.GetEntityAsync<TableEntity>(key, key)).Value;
        var queried = await table.QueryAsync<TableEntity>(e => e.PartitionKey == key && e.RowKey == key).ToListAsync();
        var deleted = await table.DeleteEntityAsync(key, key, found.ETag);

        Assert.Equal((key, key, 2, key), (found.PartitionKey, found.RowKey, found.GetInt32("Step"), found.GetString("Name")));
        Assert.Equal(found.ETag, Assert.Single(queried).ETag);
        Assert.Equal(204, deleted.Status);
    }

    [Fact]
    public async Task AddEntityAsync_EntityIsThere_ThrowsEntityAlreadyExists()
    {
        var table = await SharedAzurite.NewTableAsync();
        var added = await table.AddEntityAsync(new TableEntity("p", "r"));

        var conflict = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(204, added.Status);
        Assert.NotNull(added.Headers.ETag);
        Assert.Equal((409, "EntityAlreadyExists"), (conflict.Status, conflict.ErrorCode));
        Assert.Contains("already exists", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetEntityAsync_NoEntity_ThrowsResourceNotFound()
    {
        var table = await SharedAzurite.NewTableAsync();

        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal((404, "ResourceNotFound"), (missing.Status, missing.ErrorCode));
    }

    [Fact]
    public async Task GetEntityIfExistsAsync_ThereAndNot_TellsWhich()
    {
        var table = await SharedAzurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        var there = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");
        var not = await table.GetEntityIfExistsAsync<TableEntity>("p", "other");

        Assert.True(there.HasValue);
        Assert.Equal("r", there.Value!.RowKey);
        Assert.False(not.HasValue);
        Assert.Equal(404, not.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => not.Value);
    }

    [Fact]
    public async Task GetEntityAsync_Select_BringsTheseColumnsAndTheETag()
    {
        var table = await SharedAzurite.NewTableAsync();
        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        var found = (await table.GetEntityAsync<TableEntity>("p", "r", ["A"])).Value;

        Assert.Equal(1, found.GetInt32("A"));
        Assert.False(found.ContainsKey("B"));
        Assert.Equal(added.Headers.ETag, found.ETag);
    }

    [Theory, InlineData(TableUpdateMode.Merge, 1), InlineData(TableUpdateMode.Replace, null)]
    public async Task UpsertEntityAsync_EntityIsThere_MergesOrReplaces(TableUpdateMode mode, int? kept)
    {
        var table = await SharedAzurite.NewTableAsync();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, mode);

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, mode);

        var found = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((kept, 2), (found.GetInt32("A"), found.GetInt32("B")));
    }

    [Theory, InlineData(TableUpdateMode.Merge), InlineData(TableUpdateMode.Replace)]
    public async Task UpdateEntityAsync_StaleETag_ThrowsUpdateConditionNotSatisfied(TableUpdateMode mode)
    {
        var table = await SharedAzurite.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        var second = (await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, first, mode)).Headers.ETag;

        var stale = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first, mode));

        var found = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((412, "UpdateConditionNotSatisfied"), (stale.Status, stale.ErrorCode));
        Assert.Equal(1, found.GetInt32("A"));
        Assert.Equal(second, found.ETag);
    }

    [Fact]
    public async Task UpdateEntityAsync_NoEntityOrNoETag_Throws()
    {
        var table = await SharedAzurite.NewTableAsync();

        var missing = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));
        await Assert.ThrowsAsync<ArgumentException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), default));

        Assert.Equal(404, missing.Status);
    }

    [Fact]
    public async Task DeleteEntityAsync_StaleETag_Throws_NoEntity_AnswersNotFound()
    {
        var table = await SharedAzurite.NewTableAsync();
        var entity = new TableEntity("p", "r");
        var first = (await table.AddEntityAsync(entity)).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        var stale = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", first));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (stale.Status, stale.ErrorCode));
        Assert.Equal(204, (await table.DeleteEntityAsync(entity)).Status);
        Assert.Equal(404, (await table.DeleteEntityAsync(entity)).Status);
    }

    [Fact]
    public async Task AddEntityAsync_KeyWithSlash_IsRefusedByTheService()
    {
        var table = await SharedAzurite.NewTableAsync();

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "a/b")));

        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task AddEntityAsync_NoKey_ThrowsBeforeSending() =>
        await Assert.ThrowsAsync<ArgumentNullException>(
            () => new TableClient("UseDevelopmentStorage=true", "T").AddEntityAsync(new TableEntity { PartitionKey = "p" }));
}
