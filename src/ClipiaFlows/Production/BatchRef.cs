using System.Text.Json.Serialization;

namespace ClipiaFlows.Production;

/// <summary>The whole input of RunBatch and its activities; everything else is rows.</summary>
public sealed record BatchRef
{
    /// <summary>The batch's id.</summary>
    [JsonPropertyName("batch")]
    public required string Batch { get; init; }

    /// <summary>Context of the span that accepted the batch (W3C trace context); says nothing that decides anything.</summary>
    [JsonPropertyName("trace")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }
}
