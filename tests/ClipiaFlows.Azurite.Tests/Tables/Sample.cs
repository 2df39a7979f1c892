using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

public enum Colour
{
    Red,
    Green,
}

/// <summary>An entity with a property of every type that entities can have.</summary>
public sealed record Sample : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Text { get; init; }

    public bool Flag { get; init; }

    public int Whole { get; init; }

    public long Big { get; init; }

    public double Real { get; init; }

    public double WholeReal { get; init; }

    public double NotANumber { get; init; }

    public Guid Id { get; init; }

    public DateTimeOffset Instant { get; init; } = DateTimeOffset.UnixEpoch;

    public DateTime Utc { get; init; } = DateTime.UnixEpoch;

    public byte[]? Bytes { get; init; }

    public BinaryData? Data { get; init; }

    public Colour Colour { get; init; }

    public Colour? MaybeColour { get; init; }

    public bool? MaybeFlag { get; init; }

    public int? MaybeWhole { get; init; }

    public long? MaybeBig { get; init; }

    public double? MaybeReal { get; init; }

    public Guid? MaybeId { get; init; }

    public DateTimeOffset? MaybeInstant { get; init; }

    public DateTime? MaybeUtc { get; init; }

    [DataMember(Name = "other_name")]
    public string? Renamed { get; init; }

    [IgnoreDataMember]
    public string? Ignored { get; init; }

    public string Computed => $"{Whole}!";

    public static Sample New(string partitionKey, string rowKey) => new()
    {
        PartitionKey = partitionKey,
        RowKey = rowKey,
        Text = "naïve 'text' <&> 🎬\r\nline",
        Flag = true,
        Whole = int.MinValue,
        Big = long.MaxValue,
        Real = 1.5,
        WholeReal = 5,
        NotANumber = double.NaN,
        Id = Guid.NewGuid(),
        Instant = new(2026, 11, 22, 16, 10, 3, 123, TimeSpan.FromHours(2)),
        Utc = new DateTime(2026, 11, 22, 16, 10, 3, DateTimeKind.Utc).AddTicks(1_234_567),
        Bytes = [0, 1, 254, 255],
        Data = BinaryData.FromBytes(new byte[] { 7, 8 }),
        Colour = Colour.Green,
        MaybeColour = Colour.Red,
        MaybeFlag = false,
        MaybeWhole = 5,
        MaybeBig = -1,
        MaybeReal = 0.1,
        MaybeId = Guid.Empty,
        MaybeInstant = DateTimeOffset.UnixEpoch,
        MaybeUtc = DateTime.UnixEpoch,
        Renamed = "renamed",
        Ignored = "ignored",
    };
}
