using Microsoft.DurableTask;
using static ClipiaFlows.LocalRuntime.Tests.Genuine.Scenarios;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

internal static class TaskScenarios
{
    public static readonly Scenario[] All =
    [
        new Scenario("failed activity, caught")
            .Calls("open file", (_, _) => throw new FileNotFoundException("not there", new InvalidOperationException("inner")))
            .Runs(async context =>
            {
                await context.CallActivityAsync<string>("open file").ContinueWith(_ => 0, TaskContinuationOptions.ExecuteSynchronously);
                try
                {
                    return await context.CallActivityAsync<string>("Open File");
                }
                catch (TaskFailedException failed)
                {
                    var details = failed.FailureDetails;
                    return $"{failed.Message} | {failed.TaskName} {failed.TaskId} | {details.ErrorType} {details.ErrorMessage} | "
                        + $"{details.IsCausedBy<IOException>()} {details.IsCausedBy<FileNotFoundException>()} {details.IsCausedBy<ArgumentException>()} | "
                        + $"{details.InnerFailure?.ErrorType} {details.InnerFailure?.ErrorMessage}";
                }
            }),
        new Scenario("failed activity, uncaught")
            .Calls("burst", (_, _) => throw new InvalidOperationException("outer", new TimeoutException("inner")))
            .Runs(async context => await context.CallActivityAsync<string>("burst")),
        new Scenario("unknown activity").Runs(async context => await context.CallActivityAsync<string>("no such activity")),
        new Scenario("unknown activity, with retries").Runs(async context =>
            await context.CallActivityAsync<string>("no such activity", options: new RetryPolicy(3, TimeSpan.FromDays(1)).AsOptions())),
        new Scenario("result that does not fit its type")
            .Calls("text", (_, _) => "text")
            .Runs(async context => await context.CallActivityAsync<int>("text")),
        new Scenario("results of every kind")
            .Calls("null", (_, _) => null)
            .Calls("fields", (_, _) => new WithField { Field = 3 })
            .Calls("big", (_, _) => new string('x', 300_000))
            .Runs(async context =>
            {
                var nothing = await context.CallActivityAsync<string?>("null");
                var zero = await context.CallActivityAsync<int>("null");
                var fields = await context.CallActivityAsync<WithField>("fields");
                return $"{nothing ?? "null"} {zero} {fields.Field} {(await context.CallActivityAsync<string>("big")).Length}";
            }),
        new Scenario("task options as input").Calls("echo", (_, _) => "x").Runs(async context =>
            await ThrownByAsync(() => context.CallActivityAsync("echo", new TaskOptions(), null)) is var thrown
                ? thrown.Split(':')[0]
                : null),
        new Scenario("cancelled timer").Runs(async context =>
        {
            using var giveUp = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(10), giveUp.Token);
            giveUp.Cancel();
            return await ThrownByAsync(() => timer);
        }),
        new Scenario("timer of the past, and one cancelled before").Runs(async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddDays(-1), CancellationToken.None);
            return await ThrownByAsync(() => context.CreateTimer(TimeSpan.FromDays(1), new CancellationToken(canceled: true)));
        }),
        new Scenario("failing child")
            .With("child that fails", _ => throw new InvalidDataException("bad", new IOException("disk")))
            .Runs(async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("child that fails");
                }
                catch (TaskFailedException failed)
                {
                    return $"{failed.Message} | {failed.TaskName} {failed.TaskId} | {failed.FailureDetails.ErrorType} "
                        + $"{failed.FailureDetails.ErrorMessage} {failed.FailureDetails.InnerFailure?.ErrorType}";
                }
            }),
        new Scenario("failing grandchild, uncaught")
            .With("middle", async context => await context.CallSubOrchestratorAsync<string>("bottom"))
            .With("bottom", async context => await context.CallActivityAsync<string>("deep"))
            .Calls("deep", (_, _) => throw new IOException("deep down"))
            .Runs(async context => await context.CallSubOrchestratorAsync<string>("middle")),
        new Scenario("unknown child").Runs(async context => await context.CallSubOrchestratorAsync<string>("no such orchestrator")),
        new Scenario("child knows its parent")
            .With("kid", context => Task.FromResult<object?>($"{context.Parent?.Name} {context.Parent?.InstanceId} {context.InstanceId} {context.Read<int>()}"))
            .Runs(async context =>
                $"{context.Parent?.Name ?? "none"} / "
                + await context.CallSubOrchestratorAsync<string>("kid", 7, new SubOrchestrationOptions(instanceId: context.InstanceId + "-kid"))),
    ];

    public static TaskOptions AsOptions(this RetryPolicy policy) => TaskOptions.FromRetryPolicy(policy);

    internal sealed class WithField
    {
        public int Field;
    }
}
