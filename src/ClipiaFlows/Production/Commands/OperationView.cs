using System.Text.Json.Serialization;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production.Commands;

/// <summary>An operation as the HTTP API shows it.</summary>
public sealed record OperationView
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>What is wanted.</summary>
    [JsonPropertyName("kind")]
    public required CommandKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("status")]
    public required OperationStatus Status { get; init; }

    /// <summary>When it was issued.</summary>
    [JsonPropertyName("issuedAt")]
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it was decided.</summary>
    [JsonPropertyName("decidedAt")]
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it was refused, as a code.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    /// <summary>What came of it, for people.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; init; }

    internal static OperationView Of(string id, OperationRow row) => new()
    {
        Id = id,
        Kind = row.Kind,
        Status = row.Status,
        IssuedAt = row.IssuedAt,
        DecidedAt = row.DecidedAt,
        Code = row.Code,
        Message = row.Message,
    };
}
