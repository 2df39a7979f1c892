using System.Linq.Expressions;
using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class FilterTests
{
    [Fact]
    public void CreateQueryFilter_InterpolatedString_QuotesAndEscapesEveryValue()
    {
        var at = new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.FromHours(2));
        var id = Guid.Parse("3f2504e0-4f89-41d3-9a0c-0305e82c3301");

        Assert.Equal(
            "A eq 'it''s {0}' and B gt 5 and C eq 7L and D eq true and E eq 1.5",
            TableClient.CreateQueryFilter($"A eq {"it's {0}"} and B gt {5} and C eq {7L} and D eq {true} and E eq {1.5}"));
        Assert.Equal(
            $"F ge datetime'2026-11-22T16:00:00Z' and G eq guid'{id}' and H eq X'00FF'",
            TableClient.CreateQueryFilter($"F ge {at} and G eq {id} and H eq {new byte[] { 0, 255 }}"));
    }

    [Fact]
    public void CreateQueryFilter_LambdaOverATypedEntity_BecomesOData()
    {
        var (from, limit) = ("Q|", 5);

        AssertFilter("(PartitionKey eq 'b''1') and (RowKey ge 'Q|')", e => e.PartitionKey == "b'1" && e.RowKey.CompareTo(from) >= 0);
        AssertFilter("RowKey lt 'Q|'", e => string.Compare(e.RowKey, from) < 0);
        AssertFilter("(Whole gt 5) or (not (Flag eq true))", e => limit < e.Whole || !e.Flag);
        AssertFilter("Colour ne 'Red'", e => e.Colour != Colour.Red);
        AssertFilter("MaybeColour eq 'Green'", e => e.MaybeColour == Colour.Green);
        AssertFilter("other_name eq 'x'", e => e.Renamed == "x");
        AssertFilter("Text eq 'x'", e => e.Text!.Equals("x"));
        AssertFilter("Timestamp gt datetime'2026-01-01T00:00:00Z'", e => e.Timestamp > new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        AssertFilter(null, e => true);
    }

    [Fact]
    public void CreateQueryFilter_LambdaOverTableEntity_TakesNamedProperties()
    {
        Assert.Equal("(N ge 3) and (S eq 'x')", TableClient.CreateQueryFilter<TableEntity>(e => e.GetInt32("N") >= 3 && e.GetString("S") == "x"));
        Assert.Equal("Flag eq true", TableClient.CreateQueryFilter<TableEntity>(e => e.GetBoolean("Flag") == true));
        Assert.Equal("S eq 'x'", TableClient.CreateQueryFilter<TableEntity>(e => (string)e["S"] == "x"));
    }

    [Fact]
    public void CreateQueryFilter_WhatTheServiceCannotDo_Throws()
    {
        AssertRefused(e => e.RowKey.StartsWith("xy"));
        AssertRefused(e => e.RowKey.Length > 3);
        AssertRefused(e => e.RowKey.Equals("x", StringComparison.OrdinalIgnoreCase));
        AssertRefused(e => string.Compare(e.RowKey, "x", StringComparison.Ordinal) > 0);
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));
    }

    private static void AssertFilter(string? expected, Expression<Func<Sample, bool>> filter) =>
        Assert.Equal(expected, TableClient.CreateQueryFilter(filter));

    private static void AssertRefused(Expression<Func<Sample, bool>> filter) =>
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter(filter));
}
