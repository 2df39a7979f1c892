using System.Globalization;
using ClipiaFlows.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Production;
using Microsoft.DurableTask;

namespace ClipiaFlows.Tests.Production;

/// <summary>The flow of a batch on the real engine in virtual time; only its activities are scripted.</summary>
public sealed class RunBatchTests
{
    private const int Rounds = 60;
    private const long LongestHistory = 250;
    private static readonly string Instance = InstanceIds.ForBatch("spring");

    [Theory, InlineData(0), InlineData(1), InlineData(12)]
    public async Task Run_WokenInEachRound_KeepsItsHistoryShort(int wakeUps)
    {
        await using var engine = new EngineHarness();
        var (rounds, longest) = (0, 0L);
        engine.ActivityAsync(Advance.Name, async (_, stop) =>
        {
            longest = Math.Max(longest, LengthOf(engine));
            for (var i = 0; i < wakeUps; i++)
                await engine.Client.RaiseEventAsync(Instance, Events.WakeUp, "", stop);
            return ++rounds == Rounds ? BatchStep.Next(BatchStepKind.End) : BatchStep.WaitUntil(engine.Time.GetUtcNow().AddMinutes(1));
        });

        await RunAsync(engine);

        Assert.Equal(Rounds, rounds);
        Assert.InRange(longest, 50, LongestHistory);
    }

    [Fact]
    public async Task Run_NothingToDoBeforeAWakeUp_SleepsWithoutATimer()
    {
        await using var engine = new EngineHarness();
        var rounds = 0;
        engine.Activity(Advance.Name, _ => ++rounds == 1 ? BatchStep.WaitUntil(null) : BatchStep.Next(BatchStepKind.End));

        var run = RunAsync(engine);
        await Eventually.Holds(() => rounds == 1 && Count(engine, "activities") == 0);
        Assert.Equal(0, Count(engine, "timers"));
        await engine.Client.RaiseEventAsync(Instance, Events.WakeUp, "", CancellationToken.None);
        await run;

        Assert.Equal(2, rounds);
    }

    [Fact]
    public async Task Run_StorageInTroubleForLong_KeepsItsHistoryShort()
    {
        await using var engine = new EngineHarness();
        var (tries, longest) = (0, 0L);
        engine.Activity(Advance.Name, _ =>
        {
            longest = Math.Max(longest, LengthOf(engine));
            return ++tries == Rounds ? BatchStep.Next(BatchStepKind.End) : throw new IOException("The storage does not answer.");
        });

        await RunAsync(engine);

        Assert.InRange(longest, 50, LongestHistory);
    }

    private static async Task RunAsync(EngineHarness engine)
    {
        engine.Orchestrator(RunBatch.Name, async context =>
        {
            await RunBatch.RunAsync(context);
            return null;
        });
        await engine.StartAsync();
        var batch = new BatchRef { Batch = "spring" };
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(RunBatch.Name, batch, new StartOrchestrationOptions(Instance));
        await engine.EndOfAsync(Instance);
    }

    private static long Count(EngineHarness engine, string table) =>
        Convert.ToInt64(engine.Sql($"SELECT count(*) FROM {table}"), CultureInfo.InvariantCulture);

    private static long LengthOf(EngineHarness engine) => Convert.ToInt64(
        engine.Sql($"SELECT history_length FROM instances WHERE id = '{Instance}'"), CultureInfo.InvariantCulture);
}
