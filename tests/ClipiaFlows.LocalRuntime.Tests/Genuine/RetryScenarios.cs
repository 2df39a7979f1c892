using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

internal static class RetryScenarios
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    public static readonly Scenario[] All =
    [
        new Scenario("retries that succeed")
            .Calls("third time", (_, call) => call < 3 ? throw new IOException("again") : call)
            .Runs(async context => await context.CallActivityAsync<int>("third time", options: new RetryPolicy(5, Soon, 2).AsOptions())),
        new Scenario("retries used up")
            .Calls("never", (_, call) => throw new IOException("no " + call))
            .Runs(async context =>
            {
                try
                {
                    return await context.CallActivityAsync<int>("never", options: new RetryPolicy(3, Soon, 10, Soon * 2).AsOptions());
                }
                catch (TaskFailedException failed)
                {
                    return $"{failed.Message} {failed.TaskId} {failed.FailureDetails.ErrorType}";
                }
            }),
        new Scenario("retry policy that looks at the failure")
            .Calls("two kinds", (_, call) => throw (call < 2 ? new IOException("transient") : new ArgumentException("final", new FormatException("why"))))
            .Runs(async context =>
            {
                List<string> seen = [];
                var policy = new RetryPolicy(5, Soon)
                {
                    HandleFailure = failure =>
                    {
                        seen.Add($"{failure.ErrorType} {failure.ErrorMessage} {failure.InnerFailure?.ErrorType} {failure.IsCausedBy<SystemException>()}");
                        return failure.IsCausedBy<IOException>();
                    },
                };
                try
                {
                    await context.CallActivityAsync("two kinds", options: policy.AsOptions());
                }
                catch (TaskFailedException failed)
                {
                    seen.Add($"{failed.Message} {failed.TaskId}");
                }

                return string.Join("; ", seen);
            }),
        new Scenario("retry policy whose look throws")
            .Calls("fails", (_, call) => throw new IOException("no " + call))
            .Runs(async context =>
            {
                var policy = new RetryPolicy(5, Soon) { HandleFailure = _ => throw new InvalidOperationException("in the policy") };
                await context.CallActivityAsync("fails", options: policy.AsOptions());
                return null;
            }),
        new Scenario("retry handler")
            .Calls("stubborn", (_, call) => throw new IOException("no " + call, new TimeoutException("inner")))
            .Runs(async context =>
            {
                List<string> seen = [];
                var options = TaskOptions.FromRetryHandler(retry =>
                {
                    seen.Add($"{retry.LastAttemptNumber} {retry.LastFailure.ErrorType} {retry.LastFailure.ErrorMessage} {retry.LastFailure.InnerFailure?.ErrorType}");
                    return retry.LastAttemptNumber < 3;
                });
                try
                {
                    await context.CallActivityAsync("stubborn", options: options);
                }
                catch (TaskFailedException failed)
                {
                    seen.Add($"{failed.Message} {failed.TaskId}");
                }

                return string.Join("; ", seen);
            }),
        new Scenario("child with retries")
            .With("unlucky child", async context => $"{context.InstanceId.EndsWith("-kid", StringComparison.Ordinal)} {await context.CallActivityAsync<int>("second time")}")
            .Calls("second time", (_, call) => call < 2 ? throw new IOException("again") : call)
            .Runs(async context => await context.CallSubOrchestratorAsync<string>(
                "unlucky child",
                options: new SubOrchestrationOptions(new RetryPolicy(3, Soon).AsOptions(), context.InstanceId + "-kid"))),
        new Scenario("child with retries used up, policy looks")
            .With("hopeless child", _ => throw new IOException("no"))
            .Runs(async context =>
            {
                List<string> seen = [];
                var policy = new RetryPolicy(5, Soon)
                {
                    HandleFailure = failure =>
                    {
                        seen.Add($"{failure.ErrorType} {failure.ErrorMessage}");
                        return seen.Count < 2;
                    },
                };
                try
                {
                    await context.CallSubOrchestratorAsync("hopeless child", options: policy.AsOptions());
                }
                catch (TaskFailedException failed)
                {
                    seen.Add($"{failed.Message} {failed.TaskId}");
                }

                return string.Join("; ", seen);
            }),
    ];
}
