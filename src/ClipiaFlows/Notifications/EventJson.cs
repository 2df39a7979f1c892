using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Messaging;

namespace ClipiaFlows.Notifications;

/// <summary>A CloudEvent in structured JSON.</summary>
public static class EventJson
{
    // A queue message holds 64 KB, and six bytes for each letter would be too many.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The event in UTF-8.</summary>
    public static byte[] Write(CloudEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, Options);
}
