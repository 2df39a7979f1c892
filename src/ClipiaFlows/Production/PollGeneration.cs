using System.Net;
using Clipia;
using ClipiaFlows.Durable;
using ClipiaFlows.Observability;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production;

/// <summary>Asks for the result of a submission and records it when there is one.</summary>
/// <remarks>
/// May run more than once; asking costs a request of the key's rate and no credits, and yields to submissions. Throws only
/// for accidents of storage.
/// </remarks>
public sealed class PollGeneration(
    AttemptStore attempts,
    ApiRefusals refusals,
    PollTimes pollTimes,
    KeyPacing pacing,
    ClipiaClient clipia,
    TimeProvider time)
{
    /// <summary>The durable name.</summary>
    public const string Name = "poll-generation";

    /// <summary>The typed name.</summary>
    public static readonly Activity<JobAttempt, JobStep> Definition = new(Name);

    // How long an accepted request may be unknown upstream before a person must look at it.
    private static readonly TimeSpan MissingForGood = TimeSpan.FromHours(1);

    /// <summary>Asks once.</summary>
    public async Task<JobStep> RunAsync(JobAttempt job, CancellationToken cancellation)
    {
        var attempt = await attempts.FindAsync(job, cancellation)
            ?? throw new InvalidDataException($"Attempt {job.InstanceId} has no row.");
        if (attempt.HasEnded)
            return JobStep.Ended;
        if (attempt.OutputJson is not null)
            return JobStep.Generated(attempt.RequestId ?? "");
        if (await pacing.TakeTurnAsync(cancellation) is { } later)
            return JobStep.Generating(attempt.RequestId!, later);

        try
        {
            var result = await clipia.Requests.GetResultAsync(new RequestId(attempt.RequestId!), cancellation);
            await pacing.LearnAsync(result.RateLimit, cancellation);
            return await RecordAsync(job, attempt, result, cancellation);
        }
        catch (ClipiaException refusal)
        {
            return await LaterAsync(job, attempt, refusal, cancellation);
        }
    }

    private async Task<JobStep> RecordAsync(
        JobAttempt job, AttemptRow attempt, GenerationResult result, CancellationToken cancellation)
    {
        attempt.LateRequestId = null;
        if (result.Status == RequestStatus.Completed)
        {
            attempt.OutputJson = result.Raw.TryGetProperty("output", out var output) ? GeneratedOutput.Storable(output) : "{}";
            attempt.Cost = result.Cost ?? attempt.Cost;
            attempt.DeliveredAt = time.GetUtcNow();
            var isSaved = attempt.IsAbandoned
                ? await attempts.SaveAsync(attempt, cancellation)
                : await attempts.FreeSlotAsync(attempt, cancellation);
            if (!isSaved)
                return JobStep.Generating(attempt.RequestId!, time.GetUtcNow());
            pollTimes.Learn(job, attempt, result);
            FlowsTelemetry.ResultCame(byWebhook: false);
            return JobStep.Generated(attempt.RequestId!) with { News = true };
        }

        if (result.Status == RequestStatus.Failed || result.Status == RequestStatus.Canceled)
        {
            var canceled = result.Status == RequestStatus.Canceled;
            var ended = await attempts.EndAsync(
                attempt,
                JobState.Failed,
                result.Error?.Code ?? (canceled ? "GENERATION_CANCELED" : "GENERATION_FAILED"),
                result.Error?.Message ?? (canceled ? "The generation was cancelled at Clipia." : "The generation failed at Clipia."),
                failedUpstream: !canceled,
                cancellation);
            return ended ? JobStep.Ended : JobStep.Generating(attempt.RequestId!, time.GetUtcNow());
        }

        return await GoOnAsync(job, attempt, cancellation);
    }

    /// <summary>It is still running; once it is overdue the batch waits for it no longer, and this goes on all the same.</summary>
    private async Task<JobStep> GoOnAsync(JobAttempt job, AttemptRow attempt, CancellationToken cancellation)
    {
        if (attempt.IsOverdue || PollTimes.DeadlineOf(job, attempt) is not { } deadline || deadline > time.GetUtcNow())
            return JobStep.Generating(attempt.RequestId!, pollTimes.Next(job, attempt));

        attempt.IsOverdue = true;
        var marker = MarkerRow.For(attempt, MarkerKind.Overdue);
        marker.Code = "job_deadline";
        marker.Message = "The generation did not finish in time. It is paid for if it still does, and is settled then.";
        var told = await attempts.SaveAsync(attempt, marker, cancellation);
        return JobStep.Generating(attempt.RequestId!, told ? pollTimes.Next(job, attempt) : time.GetUtcNow()) with { News = told };
    }

    private async Task<JobStep> LaterAsync(
        JobAttempt job, AttemptRow attempt, ClipiaException refusal, CancellationToken cancellation)
    {
        if (ApiRefusals.Blocks(refusal))
            return await refusals.BlockAsync(attempt, refusal, cancellation) with
            {
                Kind = JobStepKind.Generating,
                RequestId = attempt.RequestId,
            };
        if (refusal.Status is HttpStatusCode.NotFound
            && (attempt.LateRequestId is not null || time.GetUtcNow() - attempt.SubmittedAt > MissingForGood))
            return await EndMissingAsync(attempt, refusal, cancellation);

        var asked = await refusals.PauseAsync(attempt, refusal, cancellation);
        var usual = pollTimes.Next(job, attempt);
        return JobStep.Generating(attempt.RequestId!, asked > usual ? asked : usual);
    }

    /// <summary>What only a delivery has told of and the API does not know was not ours: what was ours may still be told of.</summary>
    private async Task<JobStep> EndMissingAsync(AttemptRow attempt, ClipiaException refusal, CancellationToken cancellation)
    {
        var request = attempt.RequestId!;
        if (attempt.LateRequestId is not null)
            (attempt.RequestId, attempt.LateRequestId) = (null, null);
        var ended = await attempts.EndAsync(
            attempt, JobState.Unresolved, refusal.Code, "Clipia does not know the accepted request any more.", failedUpstream: false, cancellation);
        return ended ? JobStep.Ended : JobStep.Generating(request, time.GetUtcNow());
    }
}
