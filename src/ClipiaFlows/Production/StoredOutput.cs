using System.Text.Json.Serialization;

namespace ClipiaFlows.Production;

/// <summary>One stored file of a job, as status, results and receipt show it.</summary>
public sealed record StoredOutput
{
    /// <summary>Path below the batch's folder.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>Where it is: in Blob Storage as rows keep it, at the app as it is shown.</summary>
    [JsonPropertyName("url")]
    public required Uri Url { get; init; }

    /// <summary>Address in Blob Storage, for programs that have access to the account; missing in rows.</summary>
    [JsonPropertyName("blobUrl"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Uri? BlobUrl { get; init; }

    /// <summary>Media type, by the file's first bytes.</summary>
    [JsonPropertyName("contentType")]
    public required string ContentType { get; init; }

    /// <summary>Length.</summary>
    [JsonPropertyName("bytes")]
    public required long Bytes { get; init; }

    /// <summary>SHA-256 in lower-case hex.</summary>
    [JsonPropertyName("sha256")]
    public required string Sha256 { get; init; }

    /// <summary>Pixels, as the API says.</summary>
    [JsonPropertyName("width")]
    public int? Width { get; init; }

    /// <summary>Pixels, as the API says.</summary>
    [JsonPropertyName("height")]
    public int? Height { get; init; }

    /// <summary>Seconds, as the API says.</summary>
    [JsonPropertyName("durationSeconds")]
    public double? DurationSeconds { get; init; }
}
