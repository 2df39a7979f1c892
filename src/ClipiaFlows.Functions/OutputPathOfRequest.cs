using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClipiaFlows.Functions;

/// <summary>Reads the path of an output from a request's address.</summary>
internal static class OutputPathOfRequest
{
    /// <summary>
    /// The path below the batch's folder; <c>null</c> for one that no output has. Servers decode everything in an address but
    /// <c>%2F</c>, which clients that are generated send for a slash in a parameter.
    /// </summary>
    public static string? Read(HttpRequest request, string? path)
    {
        // No output has a percent sign in its path: what is left of one was encoded twice.
        var address = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (path is null || address.Split('?')[0].Contains("%25", StringComparison.Ordinal))
            return null;
        var decoded = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return decoded.Split('/').Any(segment => segment is "" or "." or "..") || decoded.Any(letter => letter is '\\' or '%' || char.IsControl(letter)) ? null : decoded;
    }
}
