using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class ContinueAsNewTests
{
    [Fact]
    public async Task ContinueAsNew_NewInput_StartsAgainWithAnEmptyHistory()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("step", input => int.Parse(input!) + 1)
            .Orchestrator("loop", async context =>
            {
                var round = await context.CallActivityAsync<int>("step", context.GetInput<int>());
                if (round == 30) return round;
                context.ContinueAsNew(round);
                return null;
            });
        await engine.StartAsync();

        Assert.Equal(30, (await engine.RunAsync("loop", 0)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task ContinueAsNew_UnprocessedEvents_AreKeptInOrder()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("drain", async context =>
        {
            var taken = context.GetInput<string>() ?? "";
            context.SetCustomStatus("round");
            if (taken.Length == 0) await context.WaitForExternalEvent<string>("go");
            taken += await context.WaitForExternalEvent<string>("e");
            if (taken.Length == 5) return taken;
            context.ContinueAsNew(taken);
            return null;
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("drain");
        await engine.UntilStatusAsync(id, "round");
        foreach (var letter in new[] { "a", "b", "c" }) await engine.Client.RaiseEventAsync(id, "e", letter);

        await engine.Client.RaiseEventAsync(id, "go", "x");
        foreach (var letter in new[] { "d", "e" }) await engine.Client.RaiseEventAsync(id, "e", letter);

        Assert.Equal("abcde", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_LateEvents_AreKeptToo()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("late", async context =>
        {
            if (context.GetInput<string>() is { } done) return done + await context.WaitForExternalEvent<string>("e");
            context.ContinueAsNew("got ");
            context.SetCustomStatus("leaving");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return null;
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("late");
        await engine.UntilStatusAsync(id, "leaving");

        await engine.Client.RaiseEventAsync(id, "e", "it");

        Assert.Equal("got it", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_WithoutPreserving_DropsBufferedEvents()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("drop", async context =>
        {
            if (context.GetInput<string>() is not null)
                return await context.WaitForExternalEvent<string>("e");

            context.SetCustomStatus("first");
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew("second", preserveUnprocessedEvents: false);
            context.SetCustomStatus("second");
            return null;
        });
        await engine.StartAsync();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("drop");
        await engine.UntilStatusAsync(id, "first");
        await engine.Client.RaiseEventAsync(id, "e", "dropped");
        await engine.Client.RaiseEventAsync(id, "go", "x");
        await engine.UntilStatusAsync(id, "second");

        await engine.Client.RaiseEventAsync(id, "e", "fresh");

        Assert.Equal("fresh", (await engine.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_NewVersion_IsTheNextExecutionsVersion()
    {
        await using var engine = new EngineHarness(options => options.VersionMatchStrategy = VersionMatchStrategy.None);
        engine.Orchestrator("upgrade", context =>
        {
            if (context.Version.Length == 0) context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2.0" });
            return Task.FromResult<object?>($"{context.Version} {context.CompareVersionTo("1.10")}");
        });
        await engine.StartAsync();

        Assert.Equal("2.0 1", (await engine.RunAsync("upgrade")).ReadOutputAs<string>());
    }
}
