using System.Globalization;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Starting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>Starts batches over HTTP, or tells what one would cost.</summary>
public sealed class StartBatchEndpoint(ManifestBody body, BatchStarter starter, DryRun dryRun)
{
    private const int LongestKey = 255;
    private const int UsualPage = 100;
    private const int HashLength = 64;

    /// <summary>
    /// Accepts a manifest; repeatable with its id or an <c>Idempotency-Key</c>. With <c>?plan=</c> or <c>If-Match</c> only if it
    /// still is that plan; with <c>?dryRun=true</c> only plans it; with <c>?strict=true</c> only without warnings.
    /// </summary>
    [Function("start-batch")]
    public Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.Async(request, () =>
        StartAsync(request, body.ReadAsync, pointer => pointer, client, cancellationToken));

    /// <summary>Accepts a single job, as a batch of one: everything else is as with <see cref="Start"/>.</summary>
    [Function("start-job")]
    public Task<IResult> StartJob(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "jobs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.Async(request, () =>
        StartAsync(request, JobBody.ReadAsync, JobBody.InJob, client, cancellationToken));

    private async Task<IResult> StartAsync(
        HttpRequest request,
        Func<HttpRequest, CancellationToken, Task<(ReceivedManifest? Manifest, Problem? Problem)>> read,
        Func<string, string> place,
        DurableTaskClient client,
        CancellationToken cancellation)
    {
        if (!TryReadPlan(request, out var agreed, out var problem) || !TryReadPage(request, out var page, out problem))
            return problem!;
        var isDryRun = request.Query["dryRun"].ToString();
        if (isDryRun is not ("" or "false" or "true"))
            return Problem.Query("dryRun", isDryRun, "'true' or 'false'");
        var strict = request.Query["strict"].ToString();
        if (strict is not ("" or "false" or "true"))
            return Problem.Query("strict", strict, "'true' or 'false'");
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > LongestKey)
            return new Problem(400, "invalid_idempotency_key", $"An Idempotency-Key has at most {LongestKey} characters.").AsResult();

        var (manifest, refusal) = await read(request, cancellation);
        if (manifest is null)
            return refusal!.AsResult();
        return isDryRun == "true"
            ? OfDryRun(request, await dryRun.RunAsync(manifest, page, strict == "true", cancellation), place)
            : OfStart(request, await starter.StartAsync(manifest, key, agreed, strict == "true", client, cancellation), place);
    }

    private static IResult OfStart(HttpRequest request, StartOutcome outcome, Func<string, string> place)
    {
        switch (outcome)
        {
            case StartOutcome.Accepted accepted:
                request.HttpContext.Response.Headers.Location = $"{request.PathBase}{FolderOf(request.Path)}/batches/{accepted.Batch}";
                request.HttpContext.Response.Headers.RetryAfter = "2";
                return Answer.Json(
                    new { id = accepted.Batch, state = accepted.State, jobs = accepted.Jobs, warnings = Placed(accepted.Warnings, place) }, 202);
            case StartOutcome.Conflict conflict:
                return new Problem(
                    409, "batch_id_taken", $"Batch '{conflict.Batch}' was started with another manifest.",
                    "Use another id or Idempotency-Key, or send the same manifest.").AsResult();
            case StartOutcome.BeingDeleted gone:
                SetRetryAfter(request, TimeSpan.FromSeconds(2));
                return new Problem(
                    409, "batch_being_deleted", $"Batch '{gone.Batch}' is being deleted.",
                    "The same request starts a new batch of that id once it is gone, or use another id or Idempotency-Key.").AsResult();
            case StartOutcome.Invalid invalid:
                return Problem.OfManifest([.. invalid.Problems.Select(problem => Placed(problem, place))]);
            case StartOutcome.WarningsRefused refused:
                return Problem.OfWarnings(Placed(refused.Warnings, place));
            case StartOutcome.BudgetAboveLimit above:
                return Problem.BudgetAboveLimit(
                    above.Budget, above.Highest, "Lower policy.budgetCredits, or leave it out: the batch then gets the highest budget.");
            case StartOutcome.OtherPlan other:
                return new Problem(
                    412, "plan_changed", "The manifest does not plan and price to the agreed plan any more.",
                    $"Agreed was {other.Agreed}, now it is {other.Now}. Plan it again, and start that if you agree to it.")
                {
                    Plan = new(other.Agreed, other.Now),
                }.AsResult();
            case StartOutcome.Unpriced unpriced:
                SetRetryAfter(request, unpriced.GoOnAfter);
                return new Problem(
                    503, "pricing_incomplete", "Not all prices of the plan are known yet.",
                    "Nothing was started. The same request again goes on with the prices.").AsResult();
            default:
                throw new InvalidOperationException($"An outcome without an answer: {outcome}.");
        }
    }

    private static ManifestProblem Placed(ManifestProblem problem, Func<string, string> place) => problem with
    {
        Pointer = place(problem.Pointer),
        Others = problem.Others?.Select(other => other with { Pointer = place(other.Pointer) }).ToList(),
    };

    private static List<ManifestWarning> Placed(IReadOnlyList<ManifestWarning> warnings, Func<string, string> place) =>
        [.. warnings.Select(warning => warning with { Pointer = place(warning.Pointer) })];

    private static string FolderOf(PathString path) => path.Value![..path.Value!.TrimEnd('/').LastIndexOf('/')];

    private static IResult OfDryRun(HttpRequest request, DryRunOutcome outcome, Func<string, string> place)
    {
        if (outcome.Plan is not { } plan)
            return OfStart(request, outcome.Refusal!, place);
        if (plan.Plan is { } hash)
            request.HttpContext.Response.Headers.ETag = $"\"{hash}\"";
        if (outcome.GoOnAfter is { } pause)
            SetRetryAfter(request, pause);
        return Answer.Json(plan with { Warnings = Placed(plan.Warnings, place) }, outcome.GoOnAfter is null ? 200 : 202);
    }

    private static void SetRetryAfter(HttpRequest request, TimeSpan pause) =>
        request.HttpContext.Response.Headers.RetryAfter =
            Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static bool TryReadPlan(HttpRequest request, out string? agreed, out IResult? problem)
    {
        (agreed, problem) = (request.Query["plan"].ToString(), null);
        var ifMatch = request.Headers.IfMatch.ToString().Trim('"');
        if (agreed.Length > 0 && ifMatch.Length > 0 && agreed != ifMatch)
        {
            problem = Problem.Query("plan", agreed, "the same hash as in the header If-Match, or one of the two");
            return false;
        }

        if (agreed.Length == 0)
            agreed = ifMatch;
        if (agreed.Length == 0)
        {
            agreed = null;
            return true;
        }

        if (agreed.Length == HashLength && agreed.All(char.IsAsciiHexDigitLower))
            return true;
        problem = Problem.Query("plan", agreed, "the hash that a dry run answered");
        return false;
    }

    private static bool TryReadPage(HttpRequest request, out PlanPage page, out IResult? problem)
    {
        page = default;
        if (!PageQuery.TryReadNumber(request, "from", out var from, out problem))
            return false;
        var jobs = request.Query["jobs"].ToString();
        var limit = UsualPage;
        if (jobs == "all")
            limit = int.MaxValue;
        else if (jobs.Length > 0 && !int.TryParse(jobs, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
        {
            problem = Problem.Query("jobs", jobs, "'all' or how many jobs to show");
            return false;
        }

        page = new(from, limit);
        return true;
    }
}
