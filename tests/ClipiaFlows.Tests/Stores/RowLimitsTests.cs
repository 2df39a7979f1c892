using Azure.Data.Tables;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Stores;

public sealed class RowLimitsTests
{
    [Theory]
    [InlineData(32 * 1024, true)]
    [InlineData(32 * 1024 + 1, false)]
    public void Check_Text_HasAtMost32KCharacters(int length, bool fits) =>
        Verify(Row("p", "C", new string('é', length)), fits, $"its property Text has {length} characters, and a property at most 32768");

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024 + 1, false)]
    public void Check_Bytes_AreAtMost64K(int length, bool fits) =>
        Verify(Row("p", "C", new byte[length]), fits, $"its property Text has {length} bytes, and a property at most 65536");

    [Fact]
    public void Check_RowOfMoreThanAMegabyte_IsRejected()
    {
        var row = new TableEntity("p", "J|1");
        for (var n = 0; n < 17; n++)
            row[$"T{n}"] = new string('a', 32 * 1024);

        Verify(row, fits: false, "a row of kind J: it has");
    }

    [Fact]
    public void Check_MoreThan4MBInATransaction_AreRejected()
    {
        var changes = new RowChanges();
        for (var n = 0; n < 90; n++)
            changes.Put(Row("p", $"J|{n}", new string('é', 8_000)));

        var rejection = Assert.Throws<StorageRejectedException>(() => RowLimits.Check("Jobs", changes));

        Assert.Contains("cannot take 90 rows at once", rejection.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b", "U+002F")]
    [InlineData(@"a\b", "U+005C")]
    [InlineData("a#b", "U+0023")]
    [InlineData("a?b", "U+003F")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u0085b", "U+0085")]
    public void Check_KeyThatAzureRefuses_IsRejected(string key, string named)
    {
        Verify(Row("p", key, "x"), fits: false, $"its row key has the character {named}");
        Verify(Row(key, "r", "x"), fits: false, $"its partition key has the character {named}");
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Check_Key_HasAtMost1KB(int length, bool fits) =>
        Verify(Row("p", new string('k', length), "x"), fits, $"its row key has {length} characters, and a key at most 512");

    [Fact]
    public async Task Commit_TypedRowThatIsTooLarge_IsRejectedWithItsPropertyAndNotItsContents()
    {
        var row = new BatchRow { PartitionKey = "b", RowKey = BatchRow.Key, TagsJson = new string('s', 40_000) };

        var rejection = await Assert.ThrowsAsync<StorageRejectedException>(
            () => new InMemoryRowStore().CommitAsync(RowChanges.Putting(row), CancellationToken.None));

        Assert.Equal("Table Rows cannot take a row: its property TagsJson has 40000 characters, and a property at most 32768.", rejection.Message);
    }

    private static void Verify(TableEntity row, bool fits, string objection)
    {
        var rejection = Record.Exception(() => RowLimits.Check("Jobs", RowChanges.Putting(row)));

        if (fits)
            Assert.Null(rejection);
        else
            Assert.Contains(objection, Assert.IsType<StorageRejectedException>(rejection).Message, StringComparison.Ordinal);
    }

    private static TableEntity Row(string partition, string key, object value) => new(partition, key) { ["Text"] = value };
}
