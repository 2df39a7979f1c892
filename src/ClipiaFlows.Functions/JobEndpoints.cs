using System.Globalization;
using ClipiaFlows.Production;
using ClipiaFlows.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.Functions;

/// <summary>The jobs of a batch over HTTP.</summary>
public sealed class JobEndpoints(JobPages pages, JobDetails details)
{
    /// <summary>Lists a batch's jobs in the plan's order.</summary>
    [Function("list-jobs")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/jobs")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
    {
        if (!PageQuery.TryReadLimit(request, PageQuery.UsualPage, PageQuery.LargestPage, out var limit, out var problem)
            || !PageQuery.TryReadState<JobState>(request, out var state, out problem)
            || !PageQuery.TryReadPairs(request, "variable", out var variables, out problem)
            || !PageQuery.TryReadNumber(request, "continuation", out var from, out problem))
            return problem!;
        var model = request.Query["model"].ToString();
        var filter = new JobFilter(state, model.Length > 0 ? model : null, variables);
        return await pages.FindAsync(id, filter, from, limit, cancellationToken) is var (page, next)
            ? Answer.Json(new { jobs = page, continuation = next?.ToString(CultureInfo.InvariantCulture) })
            : Problem.NotFound($"batch '{id}'");
    });

    /// <summary>Shows one job with its input and its timeline.</summary>
    [Function("get-job")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/jobs/{jobId}")] HttpRequest request,
        string id,
        string jobId,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
        await details.FindAsync(id, jobId, cancellationToken) is { } job
            ? Answer.Json(job)
            : Problem.NotFound($"job '{jobId}' of batch '{id}'"));
}
