using System.Net.Http.Headers;

namespace ClipiaFlows.Cli.Api;

/// <summary>A manifest in a file; sent as a stream, with the content type that its name tells.</summary>
internal sealed record ManifestFile(FileInfo File)
{
    /// <summary>The file as a request's body; a new one for each request.</summary>
    public HttpContent Content()
    {
        var content = new StreamContent(File.OpenRead());
        content.Headers.ContentType = new MediaTypeHeaderValue(
            File.Extension.ToLowerInvariant() is ".jsonl" or ".ndjson" ? "application/x-ndjson" : "application/json");
        return content;
    }
}
