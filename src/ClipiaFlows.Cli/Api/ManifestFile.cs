using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ClipiaFlows.Cli.Api;

/// <summary>A manifest in a file; sent as a stream, with the content type that its name tells.</summary>
internal sealed record ManifestFile(FileInfo File)
{
    private const int LongestName = 28;

    /// <summary>A new id for a batch of this file, by which people recognize it. The manifest's own id, if it has one, counts more.</summary>
    public string NewBatchId()
    {
        var letters = Path.GetFileNameWithoutExtension(File.Name).ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var name = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        name = name.Length > LongestName ? name[..LongestName].TrimEnd('-') : name;
        return $"{(name.Length == 0 ? "batch" : name)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    /// <summary>The file as a request's body; a new one for each request.</summary>
    public HttpContent Content()
    {
        var content = new StreamContent(File.OpenRead());
        content.Headers.ContentType = new MediaTypeHeaderValue(
            File.Extension.ToLowerInvariant() is ".jsonl" or ".ndjson" ? "application/x-ndjson" : "application/json");
        return content;
    }
}
