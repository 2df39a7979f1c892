using Azure;
using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class RoundTripTests
{
    [Fact]
    public async Task TypedEntity_EveryTypeSet_ComesBackEqual()
    {
        var table = await SharedAzurite.NewTableAsync();
        var stored = Sample.New("p", "r");
        var added = await table.AddEntityAsync(stored);

        var found = (await table.GetEntityAsync<Sample>("p", "r")).Value;

        Assert.Equal(added.Headers.ETag, found.ETag);
        Assert.NotNull(found.Timestamp);
        Assert.Equal(stored.Bytes, found.Bytes);
        Assert.Equal(stored.Data!.ToArray(), found.Data!.ToArray());
        Assert.Equal(
            stored with { Ignored = null },
            found with { ETag = default, Timestamp = null, Bytes = stored.Bytes, Data = stored.Data });
    }

    [Fact]
    public async Task TypedEntity_NothingSet_ComesBackEmpty()
    {
        var table = await SharedAzurite.NewTableAsync();
        await table.AddEntityAsync(new Sample { PartitionKey = "p", RowKey = "r" });

        var found = (await table.GetEntityAsync<Sample>("p", "r")).Value;

        Assert.Equal(new Sample { PartitionKey = "p", RowKey = "r" }, found with { ETag = default, Timestamp = null });
    }

    [Fact]
    public async Task TableEntity_OfATypedEntity_HasItsStoredNamesAndTypes()
    {
        var table = await SharedAzurite.NewTableAsync();
        var stored = Sample.New("p", "r");
        await table.AddEntityAsync(stored);

        var found = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal("renamed", found.GetString("other_name"));
        Assert.Equal("-2147483648!", found.GetString("Computed"));
        Assert.Equal("Green", found.GetString("Colour"));
        Assert.False(found.ContainsKey("Ignored"));
        Assert.False(found.ContainsKey("Renamed"));
        Assert.Equal(stored.Big, found.GetInt64("Big"));
        Assert.Equal(5.0, found.GetDouble("WholeReal"));
        Assert.Equal(stored.Instant, found.GetDateTimeOffset("Instant"));
        Assert.Equal(stored.Utc, found.GetDateTime("Utc"));
        Assert.Equal(DateTimeKind.Utc, found.GetDateTime("Utc")!.Value.Kind);
        Assert.Equal(stored.Id, found.GetGuid("Id"));
        Assert.Equal(stored.Bytes, found.GetBinary("Bytes"));
        Assert.Equal(stored.Bytes, found.GetBinaryData("Bytes").ToArray());
        Assert.Null(found.GetString("Missing"));
        Assert.Null(found["Missing"]);
        Assert.Throws<InvalidOperationException>(() => found.GetInt32("Text"));
    }

    [Fact]
    public async Task TableEntity_ReadChangedAndWritten_KeepsItsTypes()
    {
        var table = await SharedAzurite.NewTableAsync();
        await table.AddEntityAsync(Sample.New("p", "r"));
        var entity = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        entity["Big"] = 3;
        entity["WholeReal"] = 4;
        var updated = await table.UpdateEntityAsync(entity, entity.ETag, TableUpdateMode.Replace);

        var found = (await table.GetEntityAsync<Sample>("p", "r")).Value;
        Assert.Equal((3L, 4.0), (found.Big, found.WholeReal));
        Assert.Equal(updated.Headers.ETag, found.ETag);
    }

    [Fact]
    public async Task AddEntityAsync_LocalTimeOrForeignType_Throws()
    {
        var table = await SharedAzurite.NewTableAsync();

        await Assert.ThrowsAsync<NotSupportedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["At"] = new DateTime(2026, 1, 1) }));
        await Assert.ThrowsAsync<NotSupportedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Price"] = 1.5m }));
    }

    [Fact]
    public async Task TypedEntity_ExplicitInterface_KeepsItsKeys()
    {
        var table = await SharedAzurite.NewTableAsync();
        await table.AddEntityAsync(new Hidden("p", "r") { Note = "kept" });

        var found = (await table.GetEntityAsync<Hidden>("p", "r")).Value;

        Assert.Equal(("p", "r", "kept"), (((ITableEntity)found).PartitionKey, ((ITableEntity)found).RowKey, found.Note));
        Assert.NotEqual(default, ((ITableEntity)found).ETag);
    }

    private sealed class Hidden : ITableEntity
    {
        private string _partitionKey = "";
        private string _rowKey = "";

        public Hidden()
        {
        }

        public Hidden(string partitionKey, string rowKey) => (_partitionKey, _rowKey) = (partitionKey, rowKey);

        public string? Note { get; set; }

        string ITableEntity.PartitionKey { get => _partitionKey; set => _partitionKey = value; }

        string ITableEntity.RowKey { get => _rowKey; set => _rowKey = value; }

        DateTimeOffset? ITableEntity.Timestamp { get; set; }

        ETag ITableEntity.ETag { get; set; }
    }
}
