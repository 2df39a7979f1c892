using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Clipia;

/// <summary>
/// The body of a webhook: news that a generation is over. Believe it only after <see cref="WebhookSignature.Verify"/>; expect
/// it never, twice, or before the submission's own answer. The result endpoint has the last word.
/// </summary>
/// <param name="RequestId">The generation.</param>
/// <param name="Status"><c>OK</c>, <c>ERROR</c> or newer; not the statuses of <see cref="RequestStatus"/>.</param>
/// <param name="Model">Slug of the model, on OK.</param>
/// <param name="Files">The outputs in order; empty unless OK.</param>
/// <param name="Cost">Credits charged, on OK.</param>
/// <param name="Error">Why there is no output, on ERROR. FAILED and CANCELED look alike here.</param>
/// <param name="Output">The raw output, on OK.</param>
/// <param name="Raw">The whole body. It owns its memory and may be kept.</param>
public sealed record WebhookDelivery(
    RequestId RequestId,
    string Status,
    string? Model,
    IReadOnlyList<MediaFile> Files,
    decimal? Cost,
    GenerationError? Error,
    JsonElement? Output,
    JsonElement Raw)
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int LongestBody = 256 * 1024;

    /// <summary>True when the generation succeeded.</summary>
    public bool IsOk => Status == "OK";

    /// <summary>
    /// Reads a body: strict UTF-8, at most <see cref="LongestBody"/> bytes and 64 levels deep, an object with a request id.
    /// Anything else may be missing or unknown. Never throws.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WebhookDelivery? delivery)
    {
        delivery = null;
        if (body.Length > LongestBody || !LenientReader.TryReadObject(body.Span, out var json)
            || json.Text("request_id") is not { Length: > 0 } requestId)
            return false;

        var payload = json.Object("payload") ?? default;
        var output = payload.Object("output");
        delivery = new WebhookDelivery(
            new RequestId(requestId),
            json.Text("status") ?? "",
            payload.Text("model"),
            MediaFiles.Read(output),
            payload.Credits("cost"),
            GenerationError.Read(json),
            output,
            json);
        return true;
    }

    /// <summary>Id and status; the rest is too long and too private for a log.</summary>
    public override string ToString() => $"{RequestId} {Status}";
}
