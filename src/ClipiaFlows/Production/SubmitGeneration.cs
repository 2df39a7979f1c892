using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Observability;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Production;

/// <summary>Submits one attempt to the Clipia API and records the request id that stands for it from then on.</summary>
/// <remarks>
/// May run more than once, also beside itself, and an accepted submission is paid and cannot be cancelled. Repeating is
/// safe because key and bytes are frozen in a row before the first send, and only ever sent as they stand there. The key
/// protects for 24 hours (clipia-api.md section 8); 23 hours after a send whose outcome is unknown nothing is sent again.
/// Refusals are answers; throws only for accidents of storage.
/// </remarks>
public sealed partial class SubmitGeneration(
    AttemptStore attempts,
    FrozenRequests requests,
    ApiRefusals refusals,
    PollTimes pollTimes,
    KeyPacing pacing,
    ClipiaClient clipia,
    IOptions<ClipiaClientOptions> key,
    TimeProvider time,
    ILogger<SubmitGeneration> log)
{
    /// <summary>The durable name.</summary>
    public const string Name = "submit-generation";

    /// <summary>The typed name.</summary>
    public static readonly Activity<JobAttempt, JobStep> Definition = new(Name);

    private const string TestKeyPrefix = "clipia_test_";
    private const string NeverFoundOut =
        "Whether Clipia accepted the submission could not be found out while its idempotency key was valid.";

    private static readonly TimeSpan KeyIsSafeFor = TimeSpan.FromHours(23);
    private static readonly TimeSpan WhilePaused = TimeSpan.FromSeconds(30);

    // A claim is only made while the batch runs; what was claimed longer ago must look again, so that a pause holds soon.
    private static readonly TimeSpan ClaimIsFreshFor = TimeSpan.FromSeconds(2);

    /// <summary>Submits, or finds out that there is nothing to submit.</summary>
    public async Task<JobStep> RunAsync(JobAttempt job, CancellationToken cancellation)
    {
        // What was claimed just now has hardly been frozen before, and freezing answers what stands there if it has.
        var isFresh = time.GetUtcNow() - job.ClaimedAt < ClaimIsFreshFor;
        var attempt = isFresh ? null : await attempts.FindAsync(job, cancellation);
        if (attempt is null)
        {
            var sendsNow = isFresh || await attempts.StateOfBatchAsync(job.Batch, cancellation) is BatchState.Running;
            (attempt, var isOurs) = await requests.FreezeAsync(job, sendsNow, cancellation);
            // A claim may have been given up before anything was sent. The row is to say what became of it.
            if (attempt is null && sendsNow)
                (attempt, isOurs) = await requests.FreezeAsync(job, sendsNow = false, cancellation);
            if (attempt is null)
                return JobStep.Ended;
            if (sendsNow && isOurs && attempt is { HasEnded: false, ReusedFrom: null })
                return await SendAsync(job, attempt, isOnlySend: true, cancellation);
        }

        if (attempt is { State: JobState.Unresolved, LateRequestId: { } late })
            return await TakeToldAsync(attempt, late, cancellation);
        if (attempt.HasEnded)
            return JobStep.Ended;
        if (attempt.ReusedFrom is not null)
            return JobStep.Generated("");
        if (attempt.OutputJson is not null)
            return JobStep.Generated(attempt.RequestId!);
        if (attempt.RequestId is not null)
            return JobStep.Generating(attempt.RequestId, pollTimes.Next(job, attempt));
        if (attempt is { IsAbandoned: true, UnknownSince: not null })
            return await GiveUpAsync(attempt, "Whether Clipia accepted the submission was not known when the batch was abandoned.", cancellation);
        if (IsTooLate(attempt))
            return await GiveUpAsync(attempt, NeverFoundOut, cancellation);
        if (attempt.UnknownSince is null && await HeldBackAsync(job, attempt, cancellation) is { } heldBack)
            return heldBack;
        if (await pacing.TakeTurnAsync(cancellation) is { } later)
            return JobStep.TryAgain(later);

        var isOnlySend = attempt.UnknownSince is null;
        if (isOnlySend)
        {
            attempt.UnknownSince = time.GetUtcNow();
            if (!await attempts.SaveAsync(attempt, cancellation))
                return JobStep.TryAgain(time.GetUtcNow());
        }

        return await SendAsync(job, attempt, isOnlySend, cancellation);
    }

    private async Task<JobStep> SendAsync(JobAttempt job, AttemptRow attempt, bool isOnlySend, CancellationToken cancellation)
    {
        try
        {
            var body = await requests.BodyOfAsync(attempt, cancellation);
            // The process may have stood still since it looked.
            if (IsTooLate(attempt))
                return await GiveUpAsync(attempt, NeverFoundOut, cancellation);
            var submission = await clipia.Queue.SubmitAsync(attempt.Model, body, attempt.IdempotencyKey, cancellation);
            FlowsTelemetry.Submitted(attempt.Model, refusal: null);
            await pacing.LearnAsync(submission.RateLimit, cancellation);
            return await RecordAsync(job, attempt, submission, cancellation);
        }
        catch (ClipiaException refusal)
        {
            FlowsTelemetry.Submitted(attempt.Model, refusal.Code);
            LogRefusal(job.InstanceId, (int?)refusal.Status, refusal.Code);
            return attempt.LateRequestId is { } told && ApiRefusals.IsFinal(refusal)
                ? await TakeToldAsync(attempt, told, cancellation)
                : await refusals.OfSubmissionAsync(attempt, refusal, isOnlySend, cancellation);
        }
    }

    private async Task<JobStep> RecordAsync(
        JobAttempt job, AttemptRow attempt, Submission submission, CancellationToken cancellation)
    {
        var accepted = attempt;
        while (accepted.RequestId is null)
        {
            accepted.RequestId = submission.RequestId.Value;
            accepted.SubmittedAt = time.GetUtcNow();
            accepted.Cost = submission.Cost;
            accepted.IsFree = key.Value.ApiKey.StartsWith(TestKeyPrefix, StringComparison.Ordinal);
            accepted.UnknownSince = null;
            // What has ended as unresolved is settled by its delivery; one that has come already is being looked at.
            if (!accepted.HasEnded)
                (accepted.State, accepted.LateRequestId) = (JobState.Generating, null);
            if (await SaveAcceptedAsync(job, accepted, cancellation))
                break;
            // An overlapping run was faster; it sent the same key and bytes, so it can only have learned the same. Or the batch
            // was abandoned and deleted meanwhile, and nobody is left who wants to know.
            if (await attempts.FindAsync(job, cancellation) is not { } again)
                return JobStep.Ended;
            accepted = again;
        }

        if (accepted.HasEnded)
            return JobStep.Ended;
        var step = submission.Status.IsTerminal
            ? JobStep.Generated(submission.RequestId.Value)
            : JobStep.Generating(submission.RequestId.Value, pollTimes.Next(job, accepted));
        return step with { News = IsRepriced(job, accepted) };
    }

    /// <summary>Another price than estimated is told at once, since the next submission may cost as much.</summary>
    private Task<bool> SaveAcceptedAsync(JobAttempt job, AttemptRow accepted, CancellationToken cancellation)
    {
        if (!IsRepriced(job, accepted) || accepted.HasEnded)
            return attempts.SaveAsync(accepted, cancellation);
        var marker = MarkerRow.For(accepted, MarkerKind.Repriced);
        marker.ChargedCredits = CreditColumn.Write(accepted.Cost!.Value);
        return attempts.SaveAsync(accepted, marker, cancellation);
    }

    private static bool IsRepriced(JobAttempt job, AttemptRow accepted) =>
        !accepted.IsFree && accepted.Cost is { } cost && cost != job.Estimate;

    private bool IsTooLate(AttemptRow attempt) => attempt.UnknownSince is { } since && time.GetUtcNow() - since > KeyIsSafeFor;

    /// <summary>Nothing is sent any more. A delivery may have told meanwhile that the submission was accepted.</summary>
    private Task<JobStep> GiveUpAsync(AttemptRow attempt, string reason, CancellationToken cancellation) => attempt.LateRequestId is { } told
        ? TakeToldAsync(attempt, told, cancellation)
        : EndAsync(attempt, JobState.Unresolved, "submission_unknown", reason, cancellation);

    /// <summary>A delivery has told that the submission was accepted. The result is read: only the API's own word is believed now.</summary>
    private async Task<JobStep> TakeToldAsync(AttemptRow attempt, string requestId, CancellationToken cancellation)
    {
        attempt.RequestId ??= requestId;
        attempt.SubmittedAt ??= attempt.UnknownSince ?? time.GetUtcNow();
        attempt.State = JobState.Generating;
        (attempt.UnknownSince, attempt.Code, attempt.Message, attempt.FinishedAt) = (null, null, null, null);
        return await attempts.SaveAsync(attempt, cancellation) ? JobStep.Generated(attempt.RequestId) : JobStep.TryAgain(time.GetUtcNow());
    }

    /// <summary>
    /// What was certainly not accepted needs not be sent while the batch is paused, or ever once it is cancelled; and it may not
    /// without a claim, since nothing is reserved for it then.
    /// </summary>
    private async Task<JobStep?> HeldBackAsync(JobAttempt job, AttemptRow attempt, CancellationToken cancellation) =>
        await attempts.StateOfBatchAsync(job.Batch, cancellation) switch
        {
            BatchState.Running when await attempts.IsClaimedAsync(job, cancellation) => null,
            BatchState.Running when !await attempts.IsLeftAsync(job, cancellation) => JobStep.Ended,
            BatchState.Paused => await ReturnAsync(attempt, cancellation),
            BatchState.AwaitingApproval or BatchState.Planning => JobStep.TryAgain(time.GetUtcNow() + WhilePaused),
            _ => await EndAsync(attempt, JobState.Canceled, "batch_canceled", "The batch was cancelled.", cancellation),
        };

    /// <summary>A batch may be paused for days; other batches have use for the slot. A later claim goes on with the same row.</summary>
    private async Task<JobStep> ReturnAsync(AttemptRow attempt, CancellationToken cancellation)
    {
        var returned = await attempts.SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.Returned), cancellation);
        return returned ? JobStep.Ended : JobStep.TryAgain(time.GetUtcNow());
    }

    private async Task<JobStep> EndAsync(
        AttemptRow attempt, JobState state, string code, string message, CancellationToken cancellation)
    {
        var ended = await attempts.EndAsync(attempt, state, code, message, failedUpstream: false, cancellation);
        return ended ? JobStep.Ended : JobStep.TryAgain(time.GetUtcNow());
    }

    [LoggerMessage(1, LogLevel.Warning, "The submission of {Instance} was not accepted: {Status} {Code}.")]
    private partial void LogRefusal(string instance, int? status, string code);
}
