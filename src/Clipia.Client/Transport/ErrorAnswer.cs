using System.Net;
using System.Text;
using System.Text.Json;

namespace Clipia;

/// <summary>
/// What an error answer says, whatever its form: the documented envelope, half of it, other JSON, or the HTML page of a proxy.
/// A key that the answer quotes is not passed on.
/// </summary>
internal sealed record ErrorAnswer(string Code, string Message, JsonElement? Raw)
{
    private const int LongestText = 500;

    public static ErrorAnswer Read(HttpStatusCode status, byte[]? body, string apiKey)
    {
        if ((int)status is >= 300 and < 400)
            return new(ClipiaErrorCodes.UnexpectedRedirect, "redirects are not followed.", null);

        JsonElement? json = body is not null && LenientReader.TryReadObject(body, out var read) ? read : null;
        var envelope = json?.Object("error") ?? json;
        return new(
            envelope?.Text("code") is { Length: > 0 } code ? Clean(code, apiKey) : ClipiaErrorCodes.UnknownError,
            Clean(envelope?.Text("message") ?? json?.Text("error") ?? "no message.", apiKey),
            body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(apiKey)) < 0 ? json : null);
    }

    private static string Clean(string text, string apiKey)
    {
        var plain = string.Concat(text.Replace(apiKey, "[key]", StringComparison.Ordinal).Select(c => char.IsControl(c) ? ' ' : c));
        return plain.Length <= LongestText ? plain : plain[..LongestText] + "…";
    }
}
