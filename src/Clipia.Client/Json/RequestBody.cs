using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Clipia;

/// <summary>Writes request bodies as the official clients do: compact, <c>input</c> first, text as UTF-8 (emoji escaped).</summary>
internal static class RequestBody
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Submission(JsonElement input, Uri? webhookUrl)
    {
        if (webhookUrl is not null && !IsWebAddress(webhookUrl))
            throw new ArgumentException("The webhook address must be absolute http or https.", nameof(webhookUrl));
        return Write(input, webhookUrl?.AbsoluteUri);
    }

    public static byte[] Estimate(JsonElement input) => Write(input, null);

    private static byte[] Write(JsonElement input, string? webhookUrl)
    {
        if (input.ValueKind != JsonValueKind.Object)
            throw new ArgumentException("The input must be a JSON object.", nameof(input));

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WritePropertyName("input"u8);
            WriteInput(json, input);
            if (webhookUrl is not null)
                json.WriteString("webhook_url"u8, webhookUrl);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteInput(Utf8JsonWriter json, JsonElement input)
    {
        try
        {
            input.WriteTo(json);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair, written as an escape, has no UTF-8 form.
            throw new ArgumentException("The input holds text that is not valid Unicode.", nameof(input), e);
        }
    }

    private static bool IsWebAddress(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
