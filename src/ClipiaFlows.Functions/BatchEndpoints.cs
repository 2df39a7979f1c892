using System.Globalization;
using ClipiaFlows.Media;
using ClipiaFlows.Production;
using ClipiaFlows.Starting;
using ClipiaFlows.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>Batches over HTTP: list, follow, and fetch what came of them. <see cref="StartBatchEndpoint"/> starts them.</summary>
public sealed class BatchEndpoints(BatchQueries batches, JobQueries jobs, Delivery.Results results, IOutputStore outputs)
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    /// <summary>Lists batches, newest first.</summary>
    [Function("list-batches")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches")] HttpRequest request,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!PageQuery.TryReadLimit(request, DefaultPage, LargestPage, out var limit, out var problem)
            || !PageQuery.TryReadState<BatchState>(request, out var state, out problem))
            return problem!;
        var (page, next) = await batches.PageAsync(state, request.Query["continuation"].ToString(), limit, cancellationToken);
        return Answer.Json(new { batches = page, continuation = next });
    });

    /// <summary>Shows one batch.</summary>
    [Function("get-batch")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
        await FindAsync(id, cancellationToken) is { } batch ? Answer.Json(batch) : Problem.NotFound($"batch '{id}'"));

    /// <summary>Lists a batch's jobs in the plan's order.</summary>
    [Function("list-jobs")]
    public Task<IResult> Jobs(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}/jobs")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!PageQuery.TryReadLimit(request, DefaultPage, LargestPage, out var limit, out var problem)
            || !PageQuery.TryReadState<JobState>(request, out var state, out problem)
            || !PageQuery.TryReadNumber(request, "continuation", out var from, out problem))
            return problem!;
        if (await FindAsync(id, cancellationToken) is null)
            return Problem.NotFound($"batch '{id}'");
        var (page, next) = await jobs.PageAsync(id, state, from, limit, cancellationToken);
        return Answer.Json(new { jobs = page, continuation = next?.ToString(CultureInfo.InvariantCulture) });
    });

    /// <summary>Streams the results, as JSON Lines or with <c>?format=csv</c>.</summary>
    [Function("get-results")]
    public Task<IResult> Results(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}/results")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (await FindAsync(id, cancellationToken) is null)
            return Problem.NotFound($"batch '{id}'");
        return request.Query["format"].ToString() switch
        {
            "" or "jsonl" => HttpResults.Stream(to => results.WriteJsonLinesAsync(id, to, cancellationToken), "application/x-ndjson"),
            "csv" => HttpResults.Stream(to => results.WriteCsvAsync(id, to, cancellationToken), "text/csv; charset=utf-8"),
            var other => Problem.Query("format", other, "'jsonl' or 'csv'"),
        };
    });

    /// <summary>Streams one stored output.</summary>
    [Function("get-output")]
    public Task<IResult> Output(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}/outputs/{*path}")] HttpRequest request,
        string id,
        string? path,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!BatchIds.IsValid(id) || path is null || path.Split('/').Any(segment => segment is "" or "." or "..")
            || await outputs.OpenAsync(id, path, cancellationToken) is not { } file)
            return Problem.NotFound($"output '{path}' of batch '{id}'");
        request.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpResults.Stream(file.Content, file.ContentType);
    });

    private async Task<BatchView?> FindAsync(string id, CancellationToken cancellation) =>
        BatchIds.IsValid(id) ? await batches.FindAsync(id, cancellation) : null;
}
