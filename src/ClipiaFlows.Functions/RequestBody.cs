using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClipiaFlows.Functions;

/// <summary>Reads request bodies up to a cap.</summary>
internal static class RequestBody
{
    /// <summary>The whole body, or <c>null</c> when it is larger; then no more than the cap was read.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int cap, CancellationToken cancellation)
    {
        if (request.ContentLength > cap)
            return null;
        // Kestrel's own limit, 30 MB in the worker on Azure, is below that of a manifest; the cap here is the only one.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        using var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + length > cap)
                return null;
            body.Write(buffer, 0, length);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
