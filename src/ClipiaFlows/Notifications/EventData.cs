using System.Text.Json.Serialization;

namespace ClipiaFlows.Notifications;

/// <summary>What an event says. docs/events.md describes it for its readers; it never holds prompts or keys.</summary>
public sealed record EventData
{
    /// <summary>The batch's id.</summary>
    [JsonPropertyName("batch")]
    public required string Batch { get; init; }

    /// <summary>The batch's name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The job's id; missing when the event is about the batch.</summary>
    [JsonPropertyName("job")]
    public string? Job { get; init; }

    /// <summary>The job's number in the plan.</summary>
    [JsonPropertyName("n")]
    public int? N { get; init; }

    /// <summary>The attempt.</summary>
    [JsonPropertyName("attempt")]
    public int? Attempt { get; init; }

    /// <summary>The model's slug.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>The new state, as the HTTP API writes it.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>Why, as a code.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    /// <summary>Why, for people.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; init; }

    /// <summary>Credits charged for the attempt, when it has ended.</summary>
    [JsonPropertyName("credits")]
    public decimal? Credits { get; init; }

    /// <summary>The stored files of a job that succeeded.</summary>
    [JsonPropertyName("outputs")]
    public IReadOnlyList<EventOutput>? Outputs { get; init; }

    /// <summary>Whether files are missing from <see cref="Outputs"/> because the event would become too long; the API has all.</summary>
    [JsonPropertyName("truncated")]
    public bool? Truncated { get; init; }
}

/// <summary>A stored file, as an event names it.</summary>
/// <param name="Path">Path below the batch's folder.</param>
/// <param name="Url">Address at the app.</param>
/// <param name="BlobUrl">Address in Blob Storage, for programs that have access to the account.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">SHA-256 in lower-case hex.</param>
public sealed record EventOutput(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("url")] Uri Url,
    [property: JsonPropertyName("blobUrl")] Uri BlobUrl,
    [property: JsonPropertyName("contentType")] string ContentType,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("sha256")] string Sha256);
