using ClipiaFlows.Media;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>Answers stored files as HTTP wants it: validators, ranges and conditions (RFC 9110), from storage's own range reads.</summary>
internal static class FileResult
{
    private const string Bytes = "bytes";

    /// <summary>How many bytes will be asked of storage, by the request's range; all when it names none or several.</summary>
    public static long MaxPart(HttpRequest request) =>
        RangeOf(request) switch
        {
            { From: { } from, To: { } to and < long.MaxValue } => to - from + 1,
            { From: null, To: { } last and > 0 } => last,
            _ => long.MaxValue,
        };

    /// <summary>The file, a range of it, or what its condition asks for. Several ranges are answered with the whole file.</summary>
    public static IResult Of(HttpRequest request, StoredContent file)
    {
        // A range means something to GET only, and in bytes.
        if (!HttpMethods.IsGet(request.Method) || RangeOf(request) is null)
            request.Headers.Range = default;
        CompareWeakly(request);
        return HttpResults.Stream(
            file.Content, file.ContentType, fileDownloadName: null, file.LastModified, new EntityTagHeaderValue(file.ETag.ToString("H")), enableRangeProcessing: true);
    }

    private static RangeItemHeaderValue? RangeOf(HttpRequest request) =>
        RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) && range.Unit.Equals(Bytes, StringComparison.OrdinalIgnoreCase) && range.Ranges.Count == 1
            ? range.Ranges.Single()
            : null;

    // A proxy that compresses makes a tag weak, and If-None-Match compares weakly; the framework compares strongly.
    private static void CompareWeakly(HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch is { Count: > 0 } tags && tags.Any(tag => tag.IsWeak))
            headers.IfNoneMatch = [.. tags.Select(tag => new EntityTagHeaderValue(tag.Tag))];
    }
}
