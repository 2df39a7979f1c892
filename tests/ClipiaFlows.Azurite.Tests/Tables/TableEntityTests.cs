using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class TableEntityTests
{
    [Fact]
    public void Indexer_IntIntoAWiderNumber_KeepsTheWiderType()
    {
        var entity = new TableEntity { { "Long", 1L }, { "Double", 1.0 }, { "Int", 1 } };

        (entity["Long"], entity["Double"], entity["Int"]) = (2, 2, "two");

        Assert.Equal((2L, 2.0, "two"), (entity.GetInt64("Long"), entity.GetDouble("Double"), entity.GetString("Int")));
    }

    [Fact]
    public void Keys_OfANewEntity_AreOrdinaryProperties()
    {
        var entity = new TableEntity(new Dictionary<string, object> { ["PartitionKey"] = "p" }) { RowKey = "r", ETag = new ETag("e") };

        Assert.Equal("p", entity.PartitionKey);
        Assert.Equal(["PartitionKey", "RowKey", "odata.etag"], entity.Keys);
        Assert.Equal("e", entity.ETag.ToString());
        Assert.Null(entity.Timestamp);
    }

    [Fact]
    public void TableErrorCode_ComparedWithAnErrorCode_IgnoresCaseAndRefusesNull()
    {
        string? none = null;

        Assert.True("entityalreadyexists" == TableErrorCode.EntityAlreadyExists);
        Assert.True("Other" != TableErrorCode.EntityAlreadyExists);
        Assert.Throws<ArgumentNullException>(() => none == TableErrorCode.EntityAlreadyExists);
    }
}
