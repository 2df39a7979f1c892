using ClipiaFlows.Production.Commands;
using ClipiaFlows.Starting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>
/// Commands for batches over HTTP. Each answers 202 with an operation, or 409 when it is plainly not possible; an
/// <c>Idempotency-Key</c> makes it repeatable.
/// </summary>
public sealed class CommandEndpoints(BatchCommands commands, RetryQuote quote)
{
    /// <summary>Stops submitting until it is resumed.</summary>
    [Function("pause-batch")]
    public Task<IResult> Pause(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/pause")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => IssueAsync(request, id, CommandKind.Pause, client, cancellationToken);

    /// <summary>Goes on; with <c>{"budgetCredits":n}</c> under another budget.</summary>
    [Function("resume-batch")]
    public Task<IResult> Resume(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => IssueAsync(request, id, CommandKind.Resume, client, cancellationToken);

    /// <summary>Submits nothing more; with <c>{"mode":"abandon"}</c> it does not wait for what is being generated either.</summary>
    [Function("cancel-batch")]
    public Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => IssueAsync(request, id, CommandKind.Cancel, client, cancellationToken);

    /// <summary>
    /// Runs failed, skipped and unresolved jobs again, or those of <c>{"jobs":[…]}</c>, also under another budget; files that are paid for are
    /// fetched again, unless <c>{"buyAgain":true}</c>. <c>?dryRun=true</c> only says how many and for how much.
    /// </summary>
    [Function("retry-batch")]
    public Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/retry")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => request.Query["dryRun"].ToString() switch
        {
            "" or "false" => IssueAsync(request, id, CommandKind.Retry, client, cancellationToken),
            "true" => Answer.Async(request, () => QuoteAsync(request, id, cancellationToken)),
            var other => Task.FromResult(Problem.Query("dryRun", other, "'true' or 'false'")),
        };

    /// <summary>Releases the jobs that wait for the sample's approval.</summary>
    [Function("approve-batch")]
    public Task<IResult> Approve(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/approve")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => IssueAsync(request, id, CommandKind.Approve, client, cancellationToken);

    /// <summary>Drops them.</summary>
    [Function("reject-batch")]
    public Task<IResult> Reject(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{id}/reject")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => IssueAsync(request, id, CommandKind.Reject, client, cancellationToken);

    /// <summary>Forgets a batch that has ended; with <c>?outputs=true</c> its files go too.</summary>
    [Function("delete-batch")]
    public Task<IResult> Delete(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "batches/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => IssueAsync(request, id, CommandKind.Delete, client, cancellationToken);

    /// <summary>Shows what became of a command.</summary>
    [Function("get-operation")]
    public Task<IResult> Operation(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "batches/{id}/operations/{operation}")] HttpRequest request,
        string id,
        string operation,
        CancellationToken cancellationToken) => Answer.Async(request, async () =>
        BatchIds.IsValid(id) && await commands.FindAsync(id, operation, cancellationToken) is { } found
            ? Answer.Json(found)
            : Problem.NotFound($"operation '{operation}' of batch '{id}'"));

    private Task<IResult> IssueAsync(
        HttpRequest request, string id, CommandKind kind, DurableTaskClient client, CancellationToken cancellation) =>
        Answer.Async(request, async () =>
        {
            var key = request.Headers["Idempotency-Key"].ToString();
            if (key.Length > 255)
                return new Problem(400, "invalid_idempotency_key", "An Idempotency-Key has at most 255 characters.").AsResult();
            var (command, problem) = await CommandBody.ReadAsync(request, kind, cancellation);
            if (command is null)
                return problem!;
            if (!BatchIds.IsValid(id))
                return Problem.NotFound($"batch '{id}'");
            return await commands.IssueAsync(id, command, key, client, cancellation) switch
            {
                CommandReceipt.Accepted accepted => Accepted(request, id, accepted.Operation),
                CommandReceipt.NoSuchJobs { Ids: var ids } => Problem.NoSuchJobs(id, ids),
                CommandReceipt.AboveLimit above => AboveLimit(above),
                CommandReceipt.Impossible { Refusal: var refusal } => new Problem(409, refusal.Code, refusal.Message).AsResult(),
                _ => Problem.NotFound($"batch '{id}'"),
            };
        });

    private static IResult AboveLimit(CommandReceipt.AboveLimit above) => Problem.BudgetAboveLimit(
        above.Budget, above.Highest, "The batch keeps its state. Give a budgetCredits that is not higher and covers what the batch has bound.");

    private static IResult Accepted(HttpRequest request, string id, OperationView operation)
    {
        var root = request.Path.Value![..(request.Path.Value!.IndexOf("/batches/", StringComparison.OrdinalIgnoreCase) + "/batches/".Length)];
        request.HttpContext.Response.Headers.Location = $"{request.PathBase}{root}{id}/operations/{operation.Id}";
        request.HttpContext.Response.Headers.RetryAfter = "1";
        return Answer.Json(operation, StatusCodes.Status202Accepted);
    }

    private async Task<IResult> QuoteAsync(HttpRequest request, string id, CancellationToken cancellation)
    {
        var (command, problem) = await CommandBody.ReadAsync(request, CommandKind.Retry, cancellation);
        if (command is null)
            return problem!;
        if (!BatchIds.IsValid(id) || await quote.FindAsync(id, command.Jobs, command.BuyAgain, cancellation) is not { } found)
            return Problem.NotFound($"batch '{id}'");
        if (await commands.CheckLimitAsync(id, command, cancellation) is { } above)
            return AboveLimit(above);
        return command.Jobs is { } ids && await quote.UnknownAsync(id, ids, cancellation) is { Count: > 0 } unknown
            ? Problem.NoSuchJobs(id, unknown)
            : Answer.Json(found);
    }
}
