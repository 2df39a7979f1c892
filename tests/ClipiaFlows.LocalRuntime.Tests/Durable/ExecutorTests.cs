using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public sealed class ExecutorTests
{
    private static readonly HistoryEvent[] Start = [Turn(0), new(EventKind.ExecutionStarted)];

    [Fact]
    public void Play_Start_GivesTheFirstActions()
    {
        var outcome = Create(TwoSteps).Play([], Start);

        Assert.Equal([new CallActivity(0, "first", "1"), new CallActivity(1, "beside", null)], outcome.Actions);
        Assert.Null(outcome.Ending);
    }

    [Fact]
    public void Play_KeptOrReplayed_GivesTheSame()
    {
        HistoryEvent[] completed = [Turn(1), new(EventKind.TaskCompleted, 0, null, "5")];
        var kept = Create(TwoSteps);
        var first = kept.Play([], Start);

        var hot = kept.Play([], completed);
        var cold = Create(TwoSteps).Play([.. Start, .. first.Actions.Select(action => action.ToHistory())], completed);

        Assert.Equal([new CallActivity(2, "second", "5")], hot.Actions);
        Assert.Equal(hot.Actions, cold.Actions);
    }

    [Fact]
    public void Play_EverythingDone_Completes()
    {
        var executor = Create(TwoSteps);
        executor.Play([], Start);

        var outcome = executor.Play(
            [],
            [
                Turn(1),
                new(EventKind.TaskCompleted, 0, null, "5"),
                new(EventKind.TaskCompleted, 1),
                new(EventKind.TaskCompleted, 2, null, "6"),
                new(EventKind.TaskCompleted, 2, null, "7"),
            ]);

        Assert.Equal(new Ending.Completed("6"), outcome.Ending);
    }

    [Fact]
    public void Play_TimerCancelledInALaterTurn_TellsWhich()
    {
        var executor = Create(async context =>
        {
            using var cancel = new CancellationTokenSource();
            _ = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            await context.WaitForExternalEvent<string>("go");
            await Task.Yield();
#pragma warning disable CA1849 // Cancelling asynchronously leaves the orchestrator's scheduler.
            cancel.Cancel();
#pragma warning restore CA1849
            return null;
        });
        executor.Play([], Start);

        var outcome = executor.Play([], [Turn(1), new(EventKind.EventRaised, 0, "go")]);

        Assert.Equal([0], outcome.CanceledTimers);
        Assert.IsType<Ending.Completed>(outcome.Ending);
    }

    [Fact]
    public void Play_ThrowsBeforeTheFirstAwait_Fails()
    {
        var outcome = Create(_ => throw new InvalidDataException("at once")).Play([], Start);

        Assert.Equal("at once", Assert.IsType<Ending.Failed>(outcome.Ending).Failure.ErrorMessage);
    }

    private static async Task<object?> TwoSteps(TaskOrchestrationContext context)
    {
        var first = context.CallActivityAsync<int>("first", 1);
        var beside = context.CallActivityAsync("beside");
        var second = await context.CallActivityAsync<int>("second", await first);
        await beside;
        return second;
    }

    private static HistoryEvent Turn(int hours) =>
        new(EventKind.TurnStarted, Stamp: new DateTime(2026, 1, 1, hours, 0, 0, DateTimeKind.Utc).Ticks);

    private static OrchestratorExecutor Create(Func<TaskOrchestrationContext, Task<object?>> run) =>
        new(new("i1", "flow", "", null, null, null), run, NullLoggerFactory.Instance);
}
