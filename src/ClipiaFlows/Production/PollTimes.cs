using Clipia;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production;

/// <summary>When an attempt is worth a poll, by its model's usual duration and the polls made so far.</summary>
public sealed class PollTimes(UsualDurations durations, CallbackUrl callbacks, TimeProvider time)
{
    private static readonly TimeSpan DeliveryTakes = TimeSpan.FromSeconds(2);

    /// <summary>The next poll's moment; not after the job's deadline, as long as the batch was not told that it has passed.</summary>
    public DateTimeOffset Next(JobAttempt job, AttemptRow attempt)
    {
        var usual = NextUsual(job, attempt);
        return DeadlineOf(job, attempt) is { } deadline && deadline < usual && !attempt.IsOverdue ? deadline : usual;
    }

    /// <summary>When a submission is overdue; <c>null</c> for never.</summary>
    public static DateTimeOffset? DeadlineOf(JobAttempt job, AttemptRow attempt) =>
        job.DeadlineSeconds is { } seconds && attempt.SubmittedAt is { } submitted ? submitted.AddSeconds(seconds) : null;

    /// <summary>A poll has found the result: how long it took is learned, and whether its delivery was lost on the way.</summary>
    public void Learn(JobAttempt job, AttemptRow attempt, GenerationResult result)
    {
        var now = time.GetUtcNow();
        var completed = result.CompletedAt ?? now;
        durations.Learn(attempt.Model, completed - (result.CreatedAt ?? attempt.SubmittedAt!.Value));
        if (ExpectsDelivery() && now - completed > DeliveryTakes)
            durations.LearnDelivery(isLost: true);
    }

    private bool ExpectsDelivery() => callbacks.IsReachable;

    private DateTimeOffset NextUsual(JobAttempt job, AttemptRow attempt)
    {
        var usual = durations.Of(attempt.Model, attempt.IsVideo);
        var deliveries = !ExpectsDelivery() ? DeliveriesExpected.None : durations.LosesDeliveries ? DeliveriesExpected.Some : DeliveriesExpected.All;
        return time.GetUtcNow() + PollSchedule.PauseAfter(usual, job.Polls, deliveries);
    }
}
