using Microsoft.AspNetCore.Http.Features;

namespace Clipia.Emulator;

internal static class ApiPath
{
    /// <summary>Decoded segments of the path as it was sent: the server's own decoding leaves %2F alone and cannot tell it from %252F.</summary>
    public static IReadOnlyList<string> SegmentsOf(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
            target = http.Request.Path.Value ?? "/";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? target : target[..query]).TrimEnd('/');
        return [.. path.Split('/').Skip(1).Select(Uri.UnescapeDataString)];
    }
}
