using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class RecoveryTests
{
    [Fact]
    public async Task Restart_ActivityWasRunning_RunsAgain()
    {
        var runs = 0;
        await using var engine = new EngineHarness();
        engine
            .ActivityAsync("work", async (_, stop) =>
            {
                if (Interlocked.Increment(ref runs) == 1) await Task.Delay(Timeout.Infinite, stop);
                return "worked";
            })
            .Orchestrator("flow", async context => await context.CallActivityAsync<string>("work"));
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow");
        await Eventually.Holds(() => runs == 1);

        await engine.RestartAsync();

        Assert.Equal("worked", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Restart_ResultIsStored_TheActivityIsNotRunAgain()
    {
        var runs = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("work", _ => ++runs)
            .Orchestrator("flow", async context =>
            {
                var first = await context.CallActivityAsync<int>("work");
                context.SetCustomStatus("worked");
                await context.WaitForExternalEvent<string>("go");
                return first;
            });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow");
        await engine.UntilStatusAsync(id, "worked");

        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "go", "x");

        Assert.Equal(1, (await engine.EndOfAsync(id)).ReadOutputAs<int>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Stop_ActivityEndsInTime_ItsResultIsStored()
    {
        var runs = 0;
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        await using var engine = new EngineHarness();
        engine
            .ActivityAsync("work", async (_, _) =>
            {
                runs++;
                entered.TrySetResult();
                await leave.Task;
                return "worked";
            })
            .Orchestrator("flow", async context => await context.CallActivityAsync<string>("work"));
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow");
        await entered.Task;

        var stopping = engine.StopGentlyAsync();
        leave.SetResult();
        await stopping;
        await engine.StartAsync();

        Assert.Equal("worked", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Turn_CannotBeStored_HasNoEffectAndIsPlayedAgain()
    {
        var runs = 0;
        await using var engine = new EngineHarness();
        engine
            .Activity("work", _ => ++runs)
            .Orchestrator("flow", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                return await context.CallActivityAsync<int>("work");
            });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow");
        await engine.Client.WaitForInstanceStartAsync(id);

        engine.Sql("CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'no space'); END");
        await engine.Client.RaiseEventAsync(id, "go", "x");
        await Eventually.Holds(() => engine.Logs.Lines.Any(line => line.Contains("played again", StringComparison.Ordinal)));
        Assert.Equal(0, runs);

        engine.Sql("DROP TRIGGER full");
        Assert.Equal(1, (await engine.EndOfAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Stop_SomebodyWaitsForAnEnd_IsToldThatTheEngineStopped()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("wait", async context => await context.WaitForExternalEvent<string>("go"));
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        var end = engine.Client.WaitForInstanceCompletionAsync(id);

        await engine.StopAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => end.WaitAsync(EngineHarness.Patience));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task MaxHotInstances_MoreInstancesThanThat_ColdOnesAreReplayed(int maxHot)
    {
        await using var engine = new EngineHarness(options => options.MaxHotInstances = maxHot);
        engine.Orchestrator("sum", async context =>
        {
            var sum = 0;
            for (var i = 0; i < 3; i++) sum += await context.WaitForExternalEvent<int>("add");
            return sum;
        });
        await engine.StartAsync();
        var ids = Enumerable.Range(0, 12).Select(i => $"s{i}").ToArray();
        foreach (var id in ids)
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("sum", null, new StartOrchestrationOptions(id));

        for (var round = 1; round <= 3; round++)
        {
            foreach (var id in ids) await engine.Client.RaiseEventAsync(id, "add", round);
        }

        foreach (var id in ids) Assert.Equal(6, (await engine.EndOfAsync(id)).ReadOutputAs<int>());
    }
}
