namespace ClipiaFlows.Media;

/// <summary>A file that is being fetched: its kind is verified, its content still comes.</summary>
/// <param name="Type">What its first bytes say it is.</param>
/// <param name="Content">All of it, from the first byte; reading throws <see cref="MediaException"/> where it is too long or cut short.</param>
/// <param name="Response">What it is read from.</param>
public sealed record FetchedMedia(MediaType Type, Stream Content, HttpResponseMessage Response) : IAsyncDisposable
{
    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        Response.Dispose();
    }
}
