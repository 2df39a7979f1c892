using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using Microsoft.DurableTask;

namespace ClipiaFlows.Notifications;

/// <summary>Sends the events of a batch until its outbox is empty. One instance per batch, and it carries nothing.</summary>
/// <remarks>
/// It runs beside the batch and after it, so that somebody who cannot be told holds up nothing. A wake-up event only says
/// that there are new rows. It stays for a minute when there is nothing to send, and is started again by whoever adds rows.
/// </remarks>
public static class TellOthers
{
    /// <summary>The durable name.</summary>
    public const string Name = "tell-others";

    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PauseAfterAccident = TimeSpan.FromSeconds(15);

    /// <summary>Runs until everybody has everything, or a fresh history is due.</summary>
    public static async Task RunAsync(TaskOrchestrationContext context)
    {
        var batch = context.GetInput<BatchRef>()!;
        var wakeUp = context.WaitForExternalEvent<string>(Events.WakeUp);

        for (var history = new HistoryLength(); !history.IsDue; history.AddRound())
        {
            var step = await Send(context, batch, history);
            if (step.Kind is TellStepKind.Wait)
                await FirstOf(context, wakeUp, Earlier(step.WakeAt!.Value, context.CurrentUtcDateTime + LongestWait));
            else if (step.Kind is TellStepKind.Idle && !await FirstOf(context, wakeUp, context.CurrentUtcDateTime + Lingering))
                return;

            for (; wakeUp.IsCompleted; history.AddWakeUp())
                wakeUp = context.WaitForExternalEvent<string>(Events.WakeUp);
        }

        context.ContinueAsNew(batch);
    }

    private static async Task<TellStep> Send(TaskOrchestrationContext context, BatchRef batch, HistoryLength history)
    {
        try
        {
            return await context.Call(SendEvents.Definition, batch);
        }
        catch (TaskFailedException)
        {
            // Its retries are used up, so storage is in trouble for longer; the events outlive that.
            history.AddAccident();
            return TellStep.WaitUntil(context.CurrentUtcDateTime + PauseAfterAccident);
        }
    }

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;

    private static async Task<bool> FirstOf(TaskOrchestrationContext context, Task wakeUp, DateTime wakeAt)
    {
        if (wakeUp.IsCompleted)
            return true;
        using var losing = new CancellationTokenSource();
        await Task.WhenAny(wakeUp, context.CreateTimer(wakeAt, losing.Token));
        losing.Cancel();
        return wakeUp.IsCompleted;
    }
}
