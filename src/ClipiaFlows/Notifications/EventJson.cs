using System.Text.Json;
using Azure.Messaging;

namespace ClipiaFlows.Notifications;

/// <summary>A CloudEvent in structured JSON.</summary>
public static class EventJson
{
    /// <summary>The event in UTF-8.</summary>
    public static byte[] Write(CloudEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened);
}
