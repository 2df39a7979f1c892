using System.Text.Json.Serialization;

namespace ClipiaFlows.Production;

/// <summary>The whole input of RunBatch and its activities; everything else is rows.</summary>
public sealed record BatchRef
{
    /// <summary>The batch's id.</summary>
    [JsonPropertyName("batch")]
    public required string Batch { get; init; }
}
