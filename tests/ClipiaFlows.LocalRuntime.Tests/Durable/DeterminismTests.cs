using System.Collections.Concurrent;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class DeterminismTests
{
    [Fact]
    public async Task Orchestrator_AwaitsTaskDelay_FailsWithInvalidOperationExceptionThatTellsSo()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("delay", async _ =>
        {
            await Task.Delay(50);
            return null;
        });
        await engine.StartAsync();

        var end = await engine.RunAsync("delay");

        Assert.Equal(typeof(InvalidOperationException).FullName, end.FailureDetails!.ErrorType);
        Assert.Contains("not a durable task", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_RacesTaskDelayAgainstATimer_FailsWithInvalidOperationException()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("race", async context =>
        {
            await Task.WhenAny(context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None), Task.Delay(50));
            return null;
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("race");

        var end = await engine.Client.WaitForInstanceCompletionAsync(id, true).WaitAsync(EngineHarness.Patience);

        Assert.Equal(typeof(InvalidOperationException).FullName, end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_LeavesItsScheduler_FailsWithInvalidOperationException()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("leave", async context =>
        {
            await Task.Run(() => 1).ConfigureAwait(false);
            await Task.Delay(20).ConfigureAwait(false);
            return await context.CallActivityAsync<string>("any");
        });
        await engine.StartAsync();

        var end = await engine.RunAsync("leave");

        Assert.Equal(typeof(InvalidOperationException).FullName, end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Orchestrator_YieldsAndContinuesWith_StaysOnItsScheduler()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("one", _ => 1)
            .Orchestrator("yield", async context =>
            {
                await Task.Yield();
                var two = context.CallActivityAsync<int>("one").ContinueWith(one => one.Result + 1);
                return await two + await context.CallActivityAsync<int>("one");
            });
        await engine.StartAsync();

        Assert.Equal(3, (await engine.RunAsync("yield")).ReadOutputAs<int>());
    }

    [Theory]
    [InlineData("other activity", "expected step 1 calling activity 'b', found step 1 calling activity 'c'")]
    [InlineData("timer", "expected step 1 calling activity 'b', found step 1 creating a timer")]
    [InlineData("nothing", "expected step 1 calling activity 'b', found nothing")]
    [InlineData("more", "expected nothing, found step 2 calling activity 'c'")]
    public async Task Replay_CodeHasChanged_FailsTheInstanceNamingBothSteps(string change, string told)
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("a", _ => 1)
            .ActivityAsync("b", (_, stop) => Task.Delay(Timeout.Infinite, stop).ContinueWith<object?>(
                _ => throw new OperationCanceledException(), TaskScheduler.Default))
            .Orchestrator("flow", async context =>
            {
                await context.CallActivityAsync("a");
                context.SetCustomStatus("at b");
                await context.CallActivityAsync("b");
                return null;
            });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow", null, new StartOrchestrationOptions("f1"));
        await engine.UntilStatusAsync(id, "at b");
        await engine.StopAsync();

        engine.ForgetRegistrations();
        engine
            .Activity("a", _ => 1)
            .Activity("b", _ => 2)
            .Activity("c", _ => 3)
            .Orchestrator("flow", async context =>
            {
                await context.CallActivityAsync("a");
                switch (change)
                {
                    case "other activity": await context.CallActivityAsync("c"); break;
                    case "timer": await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None); break;
                    case "nothing": await context.WaitForExternalEvent<string>("e"); break;
                    default: await Task.WhenAll(context.CallActivityAsync("b"), context.CallActivityAsync("c")); break;
                }

                return null;
            });
        await engine.StartAsync();

        var end = await engine.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("'f1'", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(told, end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Context_GuidsTimeAndReplayFlag_AreTheSameInEveryReplay(bool alwaysReplay)
    {
        var seen = new List<string>();
        var calls = new List<bool>();
        await using var engine = new EngineHarness(options => options.AlwaysReplay = alwaysReplay);
        engine
            .Activity("echo", input => input)
            .Orchestrator("facts", async context =>
            {
                calls.Add(context.IsReplaying);
                var first = $"{context.NewGuid()} {context.NewGuid()} {context.CurrentUtcDateTime:O}";
                seen.Add(first);
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                await context.CallActivityAsync("echo", 1);
                return first;
            });
        await engine.StartAsync();

        var end = await engine.RunAsync("facts");

        Assert.Equal(alwaysReplay ? 3 : 1, seen.Count);
        Assert.All(seen, each => Assert.Equal(end.ReadOutputAs<string>(), each));
        Assert.Equal(alwaysReplay ? [false, true, true] : [false], calls);
        Assert.Equal('5', seen[0][14]);
    }

    [Fact]
    public async Task Replay_Payloads_AreReadAgainEachTime()
    {
        var read = new ConcurrentBag<Reading>();
        await using var engine = new EngineHarness(options => options.AlwaysReplay = true);
        engine
            .Activity("reading", _ => new Reading("from the activity"))
            .Orchestrator("flow", async context =>
            {
                read.Add(context.GetInput<Reading>()!);
                read.Add(await context.CallActivityAsync<Reading>("reading"));
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return null;
            });
        await engine.StartAsync();

        await engine.RunAsync("flow", new Reading("input"));

        // Three turns: three times the input, twice the result, never the same object.
        Assert.Equal((3, 2), (read.Count(each => each.Of == "input"), read.Count(each => each.Of == "from the activity")));
        Assert.Equal(5, read.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    public sealed record Reading(string Of);

    [Fact]
    public async Task ReplaySafeLogger_ManyReplays_WritesEachLineOnce()
    {
        await using var engine = new EngineHarness(options => options.AlwaysReplay = true);
        engine
            .Activity("echo", input => input)
            .Orchestrator("log", async context =>
            {
                var logger = context.CreateReplaySafeLogger("flow");
#pragma warning disable CA2254 // The lines are what is looked for.
                for (var i = 0; i < 3; i++)
                {
                    logger.Log(Microsoft.Extensions.Logging.LogLevel.Information, 0, $"line {i}", null, (line, _) => line);
                    await context.CallActivityAsync("echo", i);
                }
#pragma warning restore CA2254

                return null;
            });
        await engine.StartAsync();

        await engine.RunAsync("log");

        Assert.Equal(
            ["line 0", "line 1", "line 2"],
            engine.Logs.Lines.Where(line => line.StartsWith("line", StringComparison.Ordinal)));
    }
}
