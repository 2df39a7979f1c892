namespace Clipia;

/// <summary>Options of one submission.</summary>
public sealed record SubmitOptions : CallPatience
{
    /// <summary>
    /// Makes repeated sends of the same body one generation, for 24 hours. 1 to 255 printable ASCII characters; a UUID v4
    /// is drawn when absent. Choose and store it yourself when the submission must survive a crash.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Where the signed notice of the end goes; absolute http or https. Part of the body, so it may not change between sends.</summary>
    public Uri? WebhookUrl { get; init; }
}
