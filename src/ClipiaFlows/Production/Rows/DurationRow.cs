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

    /// <summary>The row of a model. Its key is escaped, because Table Storage allows no slashes there.</summary>
    public static DurationRow Of(string model, TimeSpan duration) => new()
    {
        PartitionKey = Partition,
        RowKey = Uri.EscapeDataString(model).Replace('%', '='),
        Model = model,
        Seconds = duration.TotalSeconds,
    };
}
