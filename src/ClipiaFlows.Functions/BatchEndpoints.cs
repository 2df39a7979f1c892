using ClipiaFlows.Manifests;
using ClipiaFlows.Production;
using ClipiaFlows.Starting;
using ClipiaFlows.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>Batches over HTTP: start, list and follow.</summary>
public sealed class BatchEndpoints(BatchStarter starter, BatchQueries batches)
{
    /// <summary>Accepts a manifest. Repeatable with its id or an <c>Idempotency-Key</c>.</summary>
    [Function("start-batch")]
    public Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (request.Query["dryRun"].ToString() is var dryRun && dryRun is not ("" or "false"))
            return Problem.Query("dryRun", dryRun, "'false': plans without a batch are not supported yet");
        if (await RequestBody.ReadAsync(request, ManifestLimits.MaxBytes, cancellationToken) is not { } body)
            return new Problem(413, "manifest_too_large", $"A manifest has at most {ManifestLimits.MaxBytes} bytes.").AsResult();
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 255)
            return new Problem(400, "invalid_idempotency_key", "An Idempotency-Key has at most 255 characters.").AsResult();

        switch (await starter.StartAsync(body, key, client, cancellationToken))
        {
            case StartOutcome.Accepted accepted:
                request.HttpContext.Response.Headers.Location = $"{request.PathBase}{request.Path}/{accepted.Batch}";
                request.HttpContext.Response.Headers.RetryAfter = "2";
                return Answer.Json(new { id = accepted.Batch, state = accepted.State, jobs = accepted.Jobs }, 202);
            case StartOutcome.Conflict conflict:
                return new Problem(
                    409, "batch_id_taken", $"Batch '{conflict.Batch}' was started with another manifest.",
                    "Use another id or Idempotency-Key, or send the same manifest.").AsResult();
            case StartOutcome.Invalid invalid:
                return Problem.OfManifest(invalid.Problems);
            case var other:
                throw new InvalidOperationException($"An outcome without an answer: {other}.");
        }
    });

    /// <summary>Lists batches, newest first.</summary>
    [Function("list-batches")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches")] HttpRequest request,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!PageQuery.TryReadLimit(request, PageQuery.UsualPage, PageQuery.LargestPage, out var limit, out var problem)
            || !PageQuery.TryReadState<BatchState>(request, out var state, out problem)
            || !PageQuery.TryReadPairs(request, "tag", out var tags, out problem)
            || !PageQuery.TryReadMoment(request, "createdAfter", out var after, out problem)
            || !PageQuery.TryReadMoment(request, "createdBefore", out var before, out problem))
            return problem!;
        var name = request.Query["name"].ToString();
        var filter = new BatchFilter(state, name.Length > 0 ? name : null, tags, after, before);
        var (page, next) = await batches.PageAsync(filter, request.Query["continuation"].ToString(), limit, cancellationToken);
        return Answer.Json(new { batches = page, continuation = next });
    });

    /// <summary>Shows one batch.</summary>
    [Function("get-batch")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "batches/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
        await batches.FindAsync(id, cancellationToken) is { } batch ? Answer.Json(batch) : Problem.NotFound($"batch '{id}'"));
}
