using System.Text.Json.Serialization;

namespace ClipiaFlows.Production;

/// <summary>That a delivery came, or, without a request id, that waiting any longer makes no sense.</summary>
public sealed record Finished
{
    /// <summary>The request that the delivery speaks of.</summary>
    [JsonPropertyName("requestId")]
    public string? RequestId { get; init; }

    /// <summary>Whether it brought the result; otherwise the result must be asked for.</summary>
    [JsonPropertyName("ok")]
    public bool Ok { get; init; }

    /// <summary>When the delivery was accepted, UTC.</summary>
    [JsonPropertyName("at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? At { get; init; }
}
