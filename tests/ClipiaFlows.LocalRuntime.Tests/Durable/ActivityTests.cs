using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class ActivityTests
{
    [Fact]
    public async Task CallActivity_FanOut_EveryResultComesBack()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("double", input => 2 * int.Parse(input!))
            .Orchestrator("sum", async context =>
            {
                var results = await Task.WhenAll(
                    Enumerable.Range(1, 100).Select(i => context.CallActivityAsync<int>("double", i)));
                return results.Sum();
            });
        await engine.StartAsync();

        var end = await engine.RunAsync("sum");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(10_100, end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task CallActivity_FanOutOf1000_LeavesAbout2000Events()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("one", _ => 1)
            .Orchestrator("fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => context.CallActivityAsync<int>("one")))).Sum());
        await engine.StartAsync();

        Assert.Equal(1_000, (await engine.RunAsync("fan")).ReadOutputAs<int>());

        var asked = (long)engine.Sql($"SELECT count(*) FROM history WHERE kind = {(int)EventKind.TaskScheduled}")!;
        var answered = (long)engine.Sql($"SELECT count(*) FROM history WHERE kind = {(int)EventKind.TaskCompleted}")!;
        Assert.Equal((1_000, 1_000), (asked, answered));
    }

    [Fact]
    public async Task CallActivity_NameInOtherCase_IsFound()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("Greet", input => "hello " + input)
            .Orchestrator("Hello", async context => await context.CallActivityAsync<string>("gREET", 1));
        await engine.StartAsync();

        var end = await engine.RunAsync("hELLO");

        Assert.Equal("hello 1", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallActivity_Fails_ExceptionCarriesNameIdMessageAndType()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("break", _ => throw new FileNotFoundException("no such reel"))
            .Orchestrator("try", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("break"));
                return $"{failed.Message}|{failed.TaskName}|{failed.TaskId}|{failed.FailureDetails.ErrorType}|"
                    + $"{failed.FailureDetails.IsCausedBy<IOException>()}|{failed.FailureDetails.IsCausedBy<ArgumentException>()}";
            });
        await engine.StartAsync();

        var end = await engine.RunAsync("try");

        Assert.Equal(
            "Task 'break' (#0) failed with an unhandled exception: no such reel|break|0|System.IO.FileNotFoundException|True|False",
            end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallActivity_Unknown_FailsWithActivityTaskNotFoundWithoutRetry()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("try", async context =>
        {
            var started = context.CurrentUtcDateTime;
            var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync(
                "nobody", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromMinutes(1)))));
            return $"{failed.FailureDetails.ErrorType} {failed.TaskId} {context.CurrentUtcDateTime == started}";
        });
        await engine.StartAsync();

        var end = await engine.RunAsync("try");

        Assert.Equal("ActivityTaskNotFound 0 True", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallActivity_OptionsGivenAsInput_Throws()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("try", async context =>
        {
            object options = new TaskOptions();
            var thrown = await Assert.ThrowsAsync<ArgumentException>(() => context.CallActivityAsync("any", options, null));
            return thrown.ParamName;
        });
        await engine.StartAsync();

        Assert.Equal("input", (await engine.RunAsync("try")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallActivity_ResultThatIsNoJson_FailsTheActivity()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("loop", _ =>
            {
                var cycle = new List<object>();
                cycle.Add(cycle);
                return cycle;
            })
            .Orchestrator("try", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("loop"))).FailureDetails.ErrorType);
        await engine.StartAsync();

        Assert.Equal("System.Text.Json.JsonException", (await engine.RunAsync("try")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task MaxConcurrentActivities_MoreAreAskedFor_NeverMoreRunAtOnce()
    {
        var running = 0;
        var most = 0;
        var gate = new Lock();
        await using var engine = new EngineHarness(options => options.MaxConcurrentActivities = 3);
        engine
            .ActivityAsync("slow", async (_, stop) =>
            {
                lock (gate) most = Math.Max(most, ++running);
                await Task.Delay(5, stop);
                lock (gate) running--;
                return null;
            })
            .Orchestrator("many", async context =>
            {
                await Task.WhenAll(Enumerable.Range(0, 30).Select(i => context.CallActivityAsync("slow", i)));
                return null;
            });
        await engine.StartAsync();

        await engine.RunAsync("many");

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Orchestrator_ActivityStillRunningWhenItReturns_IsRunningUntilTheActivityEnds()
    {
        var gate = new TaskCompletionSource<object?>();
        await using var engine = new EngineHarness();
        engine
            .ActivityAsync("slow", (_, _) => gate.Task)
            .Orchestrator("forget", context =>
            {
                _ = context.CallActivityAsync("slow");
                context.SetCustomStatus("returned");
                return Task.FromResult<object?>("done");
            });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("forget");
        await engine.UntilStatusAsync(id, "returned");

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync(id)).RuntimeStatus);
        gate.SetResult(null);

        Assert.Equal("done", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }
}
