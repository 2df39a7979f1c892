using DurableTask.Core;
using Microsoft.DurableTask;
using CoreException = DurableTask.Core.Exceptions.TaskFailedException;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>Repeats failed activities and sub-orchestrations as the genuine library does, waiting on durable timers.</summary>
internal static class RetryLoop
{
    public static Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<T>> attempt) =>
        retry switch
        {
            { Policy: { } policy } => RunAsync(context, policy, attempt),
            { Handler: { } handler } => RunAsync(context, handler, attempt),
            _ => attempt(),
        };

    private static async Task<T> RunAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> attempt)
    {
        var firstAttempt = context.CurrentUtcDateTime;
        for (var retries = 0; ; retries++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failed) when (!FailureTypes.IsFinal(failed.FailureDetails))
            {
                if (retries + 1 == policy.MaxNumberOfAttempts)
                {
                    // The genuine library spends a timer here too; step numbers follow it.
                    await context.CreateTimer(context.CurrentUtcDateTime, CancellationToken.None);
                    throw;
                }

                if (DelayBeforeNext(context, policy, firstAttempt, retries, failed) is not { } delay) throw;
                await context.CreateTimer(context.CurrentUtcDateTime.Add(delay), CancellationToken.None);
            }
        }
    }

    private static async Task<T> RunAsync<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> attempt)
    {
        var firstAttempt = context.CurrentUtcDateTime;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failed) when (!FailureTypes.IsFinal(failed.FailureDetails))
            {
                var spent = context.CurrentUtcDateTime - firstAttempt;
                if (!await handler(new(context, attempts, failed.FailureDetails, spent, CancellationToken.None))) throw;
            }
        }
    }

    private static TimeSpan? DelayBeforeNext(
        TaskOrchestrationContext context, RetryPolicy policy, DateTime firstAttempt, int retries, TaskFailedException failed)
    {
        if (!MayRetry(policy, failed)) return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan
            && context.CurrentUtcDateTime - firstAttempt >= policy.RetryTimeout) return null;

        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, retries);
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        return milliseconds < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : longest;
    }

    // What a predicate throws must not hide the failure that it was asked about.
    private static bool MayRetry(RetryPolicy policy, TaskFailedException failed)
    {
        try
        {
            return policy.Handle(AsThrownByTheCore(failed));
        }
#pragma warning disable CA1031 // A policy that throws does not ask for another try.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    // A policy's HandleFailure is called through its Handle, which takes the exceptions of DurableTask.Core only.
    private static CoreException AsThrownByTheCore(TaskFailedException failed) =>
        new(failed.FailureDetails.ErrorMessage) { FailureDetails = AsInTheCore(failed.FailureDetails) };

    private static FailureDetails AsInTheCore(TaskFailureDetails failure) => new(
        failure.ErrorType,
        failure.ErrorMessage,
        failure.StackTrace,
        failure.InnerFailure is { } inner ? AsInTheCore(inner) : null,
        isNonRetriable: false,
        failure.Properties);
}
