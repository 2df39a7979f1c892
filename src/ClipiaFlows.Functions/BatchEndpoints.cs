using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.Functions;

/// <summary>Batches over HTTP: list and follow. <see cref="StartBatchEndpoint"/> starts them.</summary>
public sealed class BatchEndpoints(BatchQueries batches)
{
    /// <summary>Lists batches, newest first.</summary>
    [Function("list-batches")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches")] HttpRequest request,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!PageQuery.TryReadLimit(request, PageQuery.UsualPage, PageQuery.LargestPage, out var limit, out var problem)
            || !PageQuery.TryReadState<BatchState>(request, out var state, out problem)
            || !PageQuery.TryReadPairs(request, "tag", out var tags, out problem)
            || !PageQuery.TryReadMoment(request, "createdAfter", out var after, out problem)
            || !PageQuery.TryReadMoment(request, "createdBefore", out var before, out problem)
            || !PageQuery.TryReadKey(request, "continuation", BatchIndexRow.IsListingKey, out var from, out problem))
            return problem!;
        var name = request.Query["name"].ToString();
        var filter = new BatchFilter(state, name.Length > 0 ? name : null, tags, after, before);
        var (page, next) = await batches.PageAsync(filter, from, limit, cancellationToken);
        return Answer.Json(new { batches = page, continuation = next });
    });

    /// <summary>Shows one batch.</summary>
    [Function("get-batch")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
        await batches.FindAsync(id, cancellationToken) is { } batch
            ? Answer.Json(batch with { Gallery = $"{request.PathBase}{request.Path.Value!.TrimEnd('/')}/gallery" }) : Problem.NotFound($"batch '{id}'"));
}
