using System.Net;
using Clipia;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>What an answer of the API that was not the one asked for means for an attempt.</summary>
/// <remarks>
/// 429 and 5xx never fail a job. 401, 402 and 403 concern every following job alike and pause the batch. The rest concerns
/// this job only. Numbers and codes are those of clipia-api.md section 9.
/// </remarks>
public sealed class ApiRefusals(AttemptStore attempts, KeyPacing pacing, TimeProvider time)
{
    private const double Growth = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WhileBlocked = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhileInProgress = TimeSpan.FromSeconds(2);

    /// <summary>What comes of a submission that was not accepted, or not as far as we know.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="refusal">What came back.</param>
    /// <param name="isOnlySend">
    /// Whether no send before this one is in doubt: a definite answer to a resend says nothing about an earlier send.
    /// </param>
    /// <param name="cancellation">Ends the try.</param>
    public async Task<JobStep> OfSubmissionAsync(
        AttemptRow attempt, ClipiaException refusal, bool isOnlySend, CancellationToken cancellation)
    {
        attempt.Tries++;
        if (isOnlySend && !refusal.IsOutcomeUnknown && refusal.Code is not ClipiaErrorCodes.RequestInProgress)
            attempt.UnknownSince = null;

        if (refusal.Code is ClipiaErrorCodes.IdempotencyKeyReuse)
            return await EndAsync(attempt, JobState.Unresolved, refusal, cancellation);
        if (Blocks(refusal))
            return await BlockAsync(attempt, refusal, cancellation);
        if (IsFinal(refusal))
            return await EndAsync(attempt, attempt.UnknownSince is null ? JobState.Failed : JobState.Unresolved, refusal, cancellation);

        var again = await PauseAsync(attempt, refusal, cancellation);
        await attempts.SaveAsync(attempt, cancellation);
        return JobStep.TryAgain(again);
    }

    /// <summary>Whether sending the same again makes no sense.</summary>
    public static bool IsFinal(ClipiaException refusal) =>
        refusal.Code is ClipiaErrorCodes.IdempotencyKeyReuse || !(Blocks(refusal) || refusal.IsTransient || refusal.IsOutcomeUnknown);

    /// <summary>Whether the refusal concerns the key or the account, and so every job.</summary>
    public static bool Blocks(ClipiaException refusal) =>
        refusal.Status is HttpStatusCode.Unauthorized or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden;

    /// <summary>Lets Advance pause the batch with the reason.</summary>
    public async Task<JobStep> BlockAsync(AttemptRow attempt, ClipiaException refusal, CancellationToken cancellation)
    {
        var marker = MarkerRow.For(attempt, MarkerKind.Blocked);
        marker.Code = refusal.Code;
        marker.Message = StoredText.Cut(refusal.Message);
        await attempts.SaveAsync(attempt, marker, cancellation);
        return JobStep.TryAgain(time.GetUtcNow() + WhileBlocked, news: true);
    }

    /// <summary>When to try again after a passing refusal; the pace of the key learns from a 429.</summary>
    public async Task<DateTimeOffset> PauseAsync(AttemptRow attempt, ClipiaException refusal, CancellationToken cancellation)
    {
        if (refusal.Status is HttpStatusCode.TooManyRequests)
            await pacing.RefusedAsync(refusal, cancellation);
        if (refusal.Code is ClipiaErrorCodes.RequestInProgress)
            return time.GetUtcNow() + WhileInProgress;

        var pause = FirstPause * Math.Pow(Growth, Math.Min(attempt.Tries - 1, 10));
        pause = pause < LongestPause ? pause : LongestPause;
        return time.GetUtcNow() + (refusal.RetryAfter > pause ? refusal.RetryAfter.Value : pause);
    }

    private async Task<JobStep> EndAsync(AttemptRow attempt, JobState state, ClipiaException refusal, CancellationToken cancellation)
    {
        var ended = await attempts.EndAsync(attempt, state, refusal.Code, refusal.Message, failedUpstream: false, cancellation);
        return ended ? JobStep.Ended : JobStep.TryAgain(time.GetUtcNow());
    }
}
