using System.Net;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Media;

/// <summary>Fetches outputs from allowed hosts and believes nothing that it is told about them.</summary>
/// <remarks>May run more than once; fetching costs nothing. Throws <see cref="MediaException"/>.</remarks>
public sealed class MediaFetcher(HttpClient http, MediaSource source, IOptions<MediaOptions> options)
{
    private const int MostRedirects = 3;

    // Stores like S3 keep the encoding of an upload and answer with it, although the file itself was decoded.
    private static readonly string[] EncodingsOfPlainFiles = ["", "identity", "aws-chunked"];

    /// <summary>Opens a file: checks address, redirects, size and first bytes before any of it is stored.</summary>
    public async Task<FetchedMedia> OpenAsync(Uri address, CancellationToken cancellation)
    {
        // Covers the body too; the HTTP client's own timeout ends with the headers.
        var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        HttpResponseMessage? response = null;
        try
        {
            response = await GetAsync(address, limited.Token);
            var claimed = response.Content.Headers.ContentLength;
            if (claimed > options.Value.MaxBytes)
                throw TooLarge();
            if (!response.Content.Headers.ContentEncoding.All(encoding => EncodingsOfPlainFiles.Contains(encoding.Trim().ToLowerInvariant())))
                throw Refused("media_type_refused", "the file came compressed, which nobody asked for");

            var body = await response.Content.ReadAsStreamAsync(limited.Token);
            var start = new byte[MediaType.SignatureLength];
            var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, limited.Token);
            var type = MediaType.Recognize(start.AsSpan(0, length)) ?? throw Unknown(response, start.AsSpan(0, length));
            if (!type.AgreesWith(response.Content.Headers.ContentType?.MediaType))
                throw Refused("media_type_refused", $"the file is {type.ContentType} but was sent as {response.Content.Headers.ContentType}");
            var content = new MeasuredStream(start.AsMemory(0, length), body, claimed, options.Value.MaxBytes, limited);
            return new FetchedMedia(type, content, response);
        }
        catch (Exception failure)
        {
            response?.Dispose();
            limited.Dispose();
            throw AsMediaException(failure, cancellation);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(Uri address, CancellationToken cancellation)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (source.Refuses(address) is { } reason)
                throw Refused("media_address_refused", reason);

            var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode is HttpStatusCode.OK)
                return response;

            var target = (int)response.StatusCode is >= 300 and < 400 ? response.Headers.Location : null;
            var status = (int)response.StatusCode;
            var retryAfter = RetryAfterOf(response);
            response.Dispose();
            // Any of them may pass: a file that was just stored, an address that has expired (400 or 403), a host that is busy.
            if (target is null)
                throw new MediaException("media_unavailable", $"The media host answered {status}.", mayPass: true) { RetryAfter = retryAfter };
            address = new Uri(address, target);
        }

        throw Refused("media_address_refused", $"more than {MostRedirects} redirects");
    }

    private static Exception AsMediaException(Exception failure, CancellationToken cancellation) => failure switch
    {
        MediaException => failure,
        HttpRequestException { InnerException: MediaException refused } => refused,
        OperationCanceledException when cancellation.IsCancellationRequested => failure,
        OperationCanceledException =>
            new MediaException("media_unavailable", "The media host did not answer in time.", mayPass: true, failure),
        HttpRequestException or IOException =>
            new MediaException("media_unavailable", "The media host could not be reached.", mayPass: true, failure),
        _ => failure,
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - response.Headers.Date : null;

    /// <summary>Of a file that is not known. A page, an error message or nothing in its place may be gone at the next try.</summary>
    private static MediaException Unknown(HttpResponseMessage response, ReadOnlySpan<byte> start)
    {
        var claimed = response.Content.Headers.ContentType?.MediaType ?? "";
        var isDrawing = claimed.Contains("svg", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<svg"u8);
        var isText = start.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<' or (byte)'{', ..] || claimed.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
        return new(
            "media_type_refused", "The output was not fetched: the file is neither a picture nor a video that is known.",
            mayPass: !isDrawing && (isText || start.Length < MediaType.SignatureLength));
    }

    private MediaException TooLarge() =>
        new("media_too_large", $"The file is larger than Media:MaxBytes allows ({options.Value.MaxBytes} bytes).", mayPass: false);

    private static MediaException Refused(string code, string reason) =>
        new(code, $"The output was not fetched: {reason}.", mayPass: false);
}
