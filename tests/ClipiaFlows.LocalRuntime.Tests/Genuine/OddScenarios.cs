using Microsoft.DurableTask;
using static ClipiaFlows.LocalRuntime.Tests.Genuine.Scenarios;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

/// <summary>What orchestrators rarely do, at the edges of what the library takes.</summary>
internal static class OddScenarios
{
    public static readonly Scenario[] All =
    [
        new Scenario("timers of odd times").Runs(async context =>
        {
            await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromSeconds(-5), CancellationToken.None);
            var past = await ThrownByAsync(() => context.CreateTimer(DateTime.MinValue, CancellationToken.None));
            var never = await ThrownByAsync(() => context.CreateTimer(TimeSpan.MaxValue, CancellationToken.None));
            await context.CreateTimer(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Unspecified), CancellationToken.None);
            return $"{past} {never} {context.CurrentUtcDateTime.Kind}";
        }),
        new Scenario("timers that lose against others").Runs(async context =>
        {
            var won = 0;
            for (var round = 0; round < 5; round++)
            {
                using var giveUp = new CancellationTokenSource();
                var slow = context.CreateTimer(TimeSpan.FromDays(10), giveUp.Token);
                var quick = context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
                if (await Task.WhenAny(slow, quick) == quick) won++;
                giveUp.Cancel();
                giveUp.Cancel();
                if (!slow.IsCanceled) return "still open";
            }

            return won;
        }),
        new Scenario("waits of no time").Runs(async context =>
            await ThrownByAsync(() => context.WaitForExternalEvent<string>("e", TimeSpan.Zero))
            + await ThrownByAsync(() => context.WaitForExternalEvent<string>("f", TimeSpan.FromSeconds(-1)))),
        new Scenario("wait with a timeout and a token").Runs(async context =>
        {
            using var giveUp = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent<string>("e", TimeSpan.FromDays(1), giveUp.Token);
            giveUp.Cancel();
            return await ThrownByAsync(() => wait);
        }),
        new Scenario("event without a payload, waited for as a number")
        {
            FailsAsInvocation = true,
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                await client.RaiseEventAsync(id, "e");
            },
        }.Runs(async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<int>("e");
        }),
        new Scenario("event without a payload, waited for as text").Runs(async context =>
        {
            context.SendEvent(context.InstanceId, "E", null!);
            return await context.WaitForExternalEvent<string?>("e") ?? "null";
        }),
        new Scenario("events of two names, interleaved")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "listening");
                foreach (var (name, value) in new[] { ("a", 1), ("B", 2), ("A", 3), ("b", 4), ("a", 5), ("go", 0) })
                    await client.RaiseEventAsync(id, name, value);
            },
        }.Runs(async context =>
        {
            context.SetCustomStatus("listening");
            await context.WaitForExternalEvent<int>("go");
            var got = new List<int>();
            foreach (var name in new[] { "b", "A", "a", "B", "a" }) got.Add(await context.WaitForExternalEvent<int>(name));
            return string.Join(",", got);
        }),
        new Scenario("is cancelled before its first step") { FailsAsInvocation = true }
            .Runs(_ => throw new OperationCanceledException("stop")),
        new Scenario("throws several at once").Runs(_ => throw new AggregateException("many", new IOException("a"), new FormatException("b"))),
        new Scenario("activities that throw odd things").Runs(async context =>
        {
            var told = "";
            foreach (var name in new[] { "throws nothing", "throws a generic one", "throws many", "throws a cancellation" })
            {
                var thrown = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync(name));
                var failure = thrown.FailureDetails;
                told += $"{thrown.Message} {failure.ErrorType} {failure.InnerFailure?.ErrorType} {failure.InnerFailure?.ErrorMessage} "
                    + $"{failure.IsCausedBy<Exception>()} {failure.IsCausedBy<ArgumentException>()} {failure.IsCausedBy<IOException>()}\n";
            }

            return told;
        })
            .Calls("throws nothing", (_, _) => throw new ArgumentNullException("name"))
            .Calls("throws a generic one", (_, _) => throw new Generic<int>.Exception("generic"))
            .Calls("throws many", (_, _) => throw new AggregateException(new FileNotFoundException("file", new IOException("disk"))))
            .Calls("throws a cancellation", (_, _) => throw new OperationCanceledException("no more")),
        new Scenario("results of odd kinds").Runs(async context => string.Join(
            "|",
            await context.CallActivityAsync<int>("gives nothing"),
            await context.CallActivityAsync<int?>("gives nothing"),
            await context.CallActivityAsync<DayOfWeek>("gives a day"),
            (await context.CallActivityAsync<DateTime>("gives a time")).ToString("O"),
            await context.CallActivityAsync<object>("gives a record"),
            (await context.CallActivityAsync<byte[]>("gives bytes")).Length,
            await ThrownByAsync(() => context.CallActivityAsync<int>("gives text"))))
            .Calls("gives nothing", (_, _) => null)
            .Calls("gives a day", (_, _) => DayOfWeek.Friday)
            .Calls("gives a time", (_, _) => new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))
            .Calls("gives a record", (_, _) => new { X = 1, Y = "ü<&>" })
            .Calls("gives bytes", (_, _) => new byte[] { 1, 2, 3 })
            .Calls("gives text", (_, _) => "text"),
        new Scenario("names in other letters").Runs(async context =>
            $"{context.Name} {await context.CallActivityAsync<string>("SAYS HELLO")} {await context.CallSubOrchestratorAsync<string>("TELLS ITS NAME")}")
            .Calls("says hello", (_, _) => "hello")
            .With("tells its name", context => Task.FromResult<object?>(context.Name.Name)),
        new Scenario("retry handler that throws").Runs(async context => await ThrownByAsync(() => context.CallActivityAsync(
            "always fails", null, TaskOptions.FromRetryHandler(new RetryHandler(_ => throw new NotSupportedException("handler"))))))
            .Calls("always fails", (_, call) => throw new IOException($"call {call}")),
        new Scenario("retries with no time for them").Runs(async context => await ThrownByAsync(() => context.CallActivityAsync(
            "fails at once",
            null,
            TaskOptions.FromRetryPolicy(new RetryPolicy(50, TimeSpan.FromMilliseconds(100), retryTimeout: TimeSpan.FromMilliseconds(1))))))
            .Calls("fails at once", (_, call) => throw new IOException($"call {call}")),
        new Scenario("started again after its end")
        {
            Play = async (client, id) =>
            {
                await client.WaitForInstanceCompletionAsync(id);
                await client.ScheduleNewOrchestrationInstanceAsync("started again after its end", "second", new StartOrchestrationOptions(id));
            },
        }.Runs(context => Task.FromResult<object?>(context.Read<string>() ?? "first")),
        new Scenario("told of after its end")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                await client.TerminateInstanceAsync(id);
                await client.WaitForInstanceCompletionAsync(id);
                await client.RaiseEventAsync(id, "e", 1);
                await client.SuspendInstanceAsync(id);
                await client.TerminateInstanceAsync(id, "again");
            },
        }.Runs(async context =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<int>("e");
        }),
    ];

    private static class Generic<T>
    {
        public sealed class Exception(string message) : System.Exception(message);
    }
}
