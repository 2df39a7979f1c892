using System.Runtime.Serialization;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row of the Keys table: how long generations of a model usually take.</summary>
public sealed class DurationRow : Row
{
    /// <summary>The partition of all models.</summary>
    public const string Partition = "durations";

    /// <summary>The model's slug.</summary>
    public string Model { get; set; } = "";

    /// <summary>The usual duration.</summary>
    public double Seconds { get; set; }

    /// <summary>How far from it generations are, on average.</summary>
    public double SpreadSeconds { get; set; }

    /// <summary>Both.</summary>
    [IgnoreDataMember]
    public UsualDuration Usual => new(TimeSpan.FromSeconds(Seconds), TimeSpan.FromSeconds(SpreadSeconds));

    /// <summary>The row of a model. Its key is escaped, because Table Storage allows no slashes there.</summary>
    public static DurationRow Of(string model, UsualDuration duration) => new()
    {
        PartitionKey = Partition,
        RowKey = Uri.EscapeDataString(model).Replace('%', '='),
        Model = model,
        Seconds = duration.Mean.TotalSeconds,
        SpreadSeconds = duration.Spread.TotalSeconds,
    };
}
