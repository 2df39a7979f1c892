using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ClipiaFlows.Functions;

/// <summary>Refuses bodies whose headers say that they are not plain UTF-8.</summary>
internal static class BodyEncoding
{
    private const int MaxShown = 60;

    public static Problem? Refusal(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString().Trim();
        if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new(
                415, "unsupported_content_encoding", $"The body is sent with Content-Encoding '{Shown(coding)}'.",
                "Send it uncompressed, without that header.");
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
            return null;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        return charset.ToUpperInvariant() is "" or "UTF-8" or "UTF8" or "US-ASCII"
            ? null
            : new(415, "unsupported_charset", $"The Content-Type names the charset '{Shown(charset)}'.", "Send the body in UTF-8.");
    }

    private static string Shown(string text) => text.Length > MaxShown ? text[..MaxShown] + "…" : text;
}
