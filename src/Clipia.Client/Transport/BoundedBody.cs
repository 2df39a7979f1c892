namespace Clipia;

internal static class BoundedBody
{
    /// <summary>The body, or null when it is longer than the bound. The bound holds for the decompressed bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int longest, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > longest)
            return null;

        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (body.Length + read > longest)
                return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
