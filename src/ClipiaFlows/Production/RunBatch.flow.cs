using ClipiaFlows.Durable;
using Microsoft.DurableTask;

namespace ClipiaFlows.Production;

/// <summary>Runs a batch: takes the next step until all jobs have ended. One instance per batch, and it carries nothing.</summary>
/// <remarks>A wake-up event only says that rows have changed, so a lost, early or doubled one changes nothing.</remarks>
public static class RunBatch
{
    /// <summary>The durable name.</summary>
    public const string Name = "run-batch";

    private static readonly TimeSpan PauseAfterAccident = TimeSpan.FromSeconds(15);

    /// <summary>Runs until the batch is over or a fresh history is due.</summary>
    public static async Task RunAsync(TaskOrchestrationContext context)
    {
        var batch = context.GetInput<BatchRef>()!;
        var wakeUp = context.WaitForExternalEvent<string>(Events.WakeUp);

        for (var history = new HistoryLength(); !history.IsDue; history.AddRound())
        {
            var step = await TakeStep(context, batch, history);
            if (step.Kind is BatchStepKind.End)
                return;
            if (step.Kind is BatchStepKind.Wait && !wakeUp.IsCompleted)
                await FirstOf(context, wakeUp, step.WakeAt);

            // One step takes all that has been written until now, whatever number of wake-ups announced it.
            for (; wakeUp.IsCompleted; history.AddWakeUp())
                wakeUp = context.WaitForExternalEvent<string>(Events.WakeUp);
        }

        context.ContinueAsNew(batch);
    }

    private static async Task<BatchStep> TakeStep(TaskOrchestrationContext context, BatchRef batch, HistoryLength history)
    {
        try
        {
            var step = await context.Call(Advance.Definition, batch);
            return step.Kind switch
            {
                BatchStepKind.Plan => await context.Call(PlanBatch.Definition, batch),
                BatchStepKind.Finish => await context.Call(FinishBatch.Definition, batch),
                BatchStepKind.Delete => await context.Call(DeleteBatch.Definition, batch),
                _ => step,
            };
        }
        catch (TaskFailedException)
        {
            // Its retries are used up, so storage is in trouble for longer; a batch outlives that.
            history.AddAccident();
            return BatchStep.WaitUntil(context.CurrentUtcDateTime + PauseAfterAccident);
        }
    }

    private static async Task FirstOf(TaskOrchestrationContext context, Task wakeUp, DateTime? wakeAt)
    {
        if (wakeAt is not { } until)
        {
            await wakeUp;
            return;
        }

        using var losing = new CancellationTokenSource();
        await Task.WhenAny(wakeUp, context.CreateTimer(until, losing.Token));
        losing.Cancel();
    }
}
