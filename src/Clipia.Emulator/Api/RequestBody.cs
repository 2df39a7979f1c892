using System.Text.Json;
using System.Text.Unicode;

namespace Clipia.Emulator;

/// <summary>The body of a submit or an estimate.</summary>
/// <param name="Document">Owns the memory of <paramref name="Input"/>.</param>
/// <param name="Input">An object.</param>
/// <param name="WebhookUrl">Checked; null when absent or empty.</param>
internal sealed record RequestBody(JsonDocument Document, JsonElement Input, string? WebhookUrl) : IDisposable
{
    public const int MaxBytes = 1024 * 1024;
    private const int LongestUrl = 2048;

    public void Dispose() => Document.Dispose();

    public static async Task<(RequestBody? Body, Reply? Refusal)> ReadAsync(HttpRequest request, Modes modes)
    {
        if (await ReadBytesAsync(request) is not { } bytes)
            return (null, Errors.InvalidRequest("The body is larger than 1 MiB."));
        if (!Utf8.IsValid(bytes.Span))
            return (null, Errors.InvalidRequest("The body is not UTF-8."));

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, WireJson.Reading);
        }
        catch (JsonException)
        {
            return (null, Errors.InvalidRequest("The body is not valid JSON, nests too deeply or repeats a name."));
        }
        catch (InvalidOperationException)
        {
            // The search for repeated names reads them, and escapes in them can spell half a surrogate pair.
            return (null, Errors.InvalidRequest("A name of the body is not valid Unicode."));
        }

        try
        {
            return Parse(document, modes);
        }
        catch (InvalidOperationException)
        {
            document.Dispose();
            return (null, Errors.InvalidRequest("A string of the body is not valid Unicode."));
        }
    }

    private static (RequestBody?, Reply?) Parse(JsonDocument document, Modes modes)
    {
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Object)
            return (null, Errors.InvalidRequest("The body must be an object with an object 'input'."));
        CheckStrings(input);

        string? webhookUrl = null;
        if (root.TryGetProperty("webhook_url", out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.String)
                return (null, Errors.InvalidRequest("'webhook_url' must be a string."));
            webhookUrl = given.GetString() is { Length: > 0 } url ? url : null;
        }
        if (webhookUrl is null)
            return (new(document, input, null), null);
        if (AddressOf(webhookUrl) is not { } address)
            return (null, Errors.InvalidRequest("'webhook_url' must be an absolute http or https URL of at most 2,048 characters."));
        return modes.AcceptsWebhook(address)
            ? (new(document, input, webhookUrl), null)
            : (null, Errors.InvalidRequest("'webhook_url' must be https and reachable from the internet."));
    }

    private static Uri? AddressOf(string url) =>
        url.Length <= LongestUrl
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : null;

    /// <summary>Escapes can spell half a surrogate pair, which the parser only notices on reading.</summary>
    /// <exception cref="InvalidOperationException">A string or name does.</exception>
    public static void CheckStrings(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    CheckStrings(property.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    CheckStrings(item);
                break;
            case JsonValueKind.String:
                _ = value.GetString();
                break;
        }
    }

    /// <summary>The raw body; null when it is larger than <see cref="MaxBytes"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
            return null;
        var buffer = new byte[request.ContentLength ?? 16 * 1024];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == request.ContentLength)
                    return buffer;
                Array.Resize(ref buffer, Math.Min(Math.Max(1024, buffer.Length * 2), MaxBytes + 1));
            }
            var read = await request.Body.ReadAsync(buffer.AsMemory(length));
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
            if (length > MaxBytes)
                return null;
        }
    }
}
