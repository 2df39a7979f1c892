using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>Reads request bodies up to a cap.</summary>
internal static class RequestBody
{
    /// <summary>The whole body, or <c>null</c> when it is larger; then no more than the cap was read.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int cap, CancellationToken cancellation)
    {
        if (request.ContentLength > cap)
            return null;
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
