using ClipiaFlows.Delivery;
using ClipiaFlows.Media;
using ClipiaFlows.Starting;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>What came of a batch over HTTP: results, receipt, gallery and files.</summary>
public sealed class ResultEndpoints(BatchQueries batches, Delivery.Results results, Gallery gallery, IStateBlobs blobs, IOutputStore outputs)
{
    /// <summary>Streams the results, as JSON Lines or with <c>?format=csv</c>.</summary>
    [Function("get-results")]
    public Task<IResult> Results(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/results")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!await batches.ExistsAsync(id, cancellationToken))
            return Problem.NotFound($"batch '{id}'");
        return request.Query["format"].ToString() switch
        {
            "" or "jsonl" when HttpMethods.IsHead(request.Method) => new HeadersOnly("application/x-ndjson"),
            "csv" when HttpMethods.IsHead(request.Method) => new HeadersOnly("text/csv; charset=utf-8"),
            "" or "jsonl" => HttpResults.Stream(to => results.WriteJsonLinesAsync(id, to, cancellationToken), "application/x-ndjson"),
            "csv" => HttpResults.Stream(to => results.WriteCsvAsync(id, to, cancellationToken), "text/csv; charset=utf-8"),
            var other => Problem.Query("format", other, "'jsonl' or 'csv'"),
        };
    });

    /// <summary>Serves one file of the receipt of a batch that has finished.</summary>
    [Function("get-receipt")]
    public Task<IResult> Receipt(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/receipt/{file}")] HttpRequest request,
        string id,
        string file,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!BatchIds.IsValid(id) || !ReceiptFiles.ContentTypes.TryGetValue(file, out var type)
            || await blobs.OpenAsync(BlobNames.Receipt(id, file), cancellationToken) is not { } stored)
            return Problem.NotFound($"receipt file '{file}' of batch '{id}'");
        Guard(request);
        return HttpResults.Stream(stored, type);
    });

    /// <summary>Shows what the batch made, also while it runs.</summary>
    [Function("get-gallery")]
    public Task<IResult> Gallery(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/gallery")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!BatchIds.IsValid(id) || await gallery.FindAsync(id, cancellationToken) is not { } write)
            return Problem.NotFound($"batch '{id}'");
        Guard(request);
        if (HttpMethods.IsHead(request.Method))
            return new HeadersOnly(ReceiptFiles.ContentTypes[ReceiptFiles.Gallery]);
        return HttpResults.Stream(write, ReceiptFiles.ContentTypes[ReceiptFiles.Gallery]);
    });

    /// <summary>Serves one stored output, or a range of it.</summary>
    [Function("get-output")]
    public Task<IResult> Output(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/outputs/{*path}")] HttpRequest request,
        string id,
        string? path,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!BatchIds.IsValid(id) || OutputPathOfRequest.Read(request, path) is not { } name
            || await outputs.OpenAsync(id, name, FileResult.MaxPart(request), cancellationToken) is not { } file)
            return Problem.NotFound($"output '{path}' of batch '{id}'");
        Guard(request);
        return FileResult.Of(request, file);
    });

    // A file is what its type says, and an address with a key in it is told to nobody.
    private static void Guard(HttpRequest request)
    {
        request.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
