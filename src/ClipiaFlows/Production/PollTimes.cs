using ClipiaFlows.Callbacks;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production;

/// <summary>When an attempt is worth a poll, by its model's usual duration and the polls made so far.</summary>
public sealed class PollTimes(UsualDurations durations, CallbackUrl callbacks, TimeProvider time)
{
    /// <summary>The next poll's moment.</summary>
    public DateTimeOffset Next(JobAttempt job, AttemptRow attempt)
    {
        var usual = durations.Of(attempt.Model, attempt.IsVideo);
        var deliveryExpected = callbacks.For(job.InstanceId) is not null;
        return time.GetUtcNow() + PollSchedule.PauseAfter(usual, job.Polls, deliveryExpected);
    }
}
