using ClipiaFlows.Durable;
using Microsoft.DurableTask;

namespace ClipiaFlows.Production;

/// <summary>Produces one job: submits it, waits for the signed delivery or a poll, and keeps its outputs.</summary>
/// <remarks>
/// One instance per attempt. What may be paid is decided by rows that SubmitGeneration freezes before it sends, so running
/// any part of this again is safe.
/// </remarks>
public static class RunJob
{
    /// <summary>The durable name.</summary>
    public const string Name = "run-job";

    /// <summary>Runs until the outcome is recorded or a fresh history is due.</summary>
    public static async Task RunAsync(TaskOrchestrationContext context)
    {
        var job = context.GetInput<JobAttempt>()!;
        var inbox = new FinishedInbox(context);
        var history = new HistoryLength();

        await Until(context, job.NotBefore);
        if (await Submit(context, job, inbox, history) is not { } step)
            return;

        while (step.Kind is JobStepKind.Generating)
        {
            if (history.IsDue && inbox.IsEmpty)
            {
                context.ContinueAsNew(job with { NotBefore = context.CurrentUtcDateTime });
                return;
            }

            history.AddRound();
            if (await inbox.FirstOf(step.RequestId!, step.At!.Value) is { Ok: true } finished)
                (step, job) = (JobStep.Generated(step.RequestId!), job with { ToldAt = finished.At });
            else
                step = await Poll(context, job = job with { Polls = job.Polls + 1 });
        }

        if (step.Kind is JobStepKind.Generated)
            await KeepOutputs(context, job, history);
    }

    /// <summary>Submits until it is accepted or refused for good; <c>null</c> when a fresh history goes on with it.</summary>
    private static async Task<JobStep?> Submit(
        TaskOrchestrationContext context, JobAttempt job, FinishedInbox inbox, HistoryLength history)
    {
        while (true)
        {
            history.AddRound();
            var step = await context.Call(SubmitGeneration.Definition, job);
            Tell(context, job, step);
            if (step.Kind is not JobStepKind.TryAgain)
                return step.Kind is JobStepKind.Generated ? await Poll(context, job) : step;
            await inbox.AnyOr(step.At!.Value);
            if (history.IsDue && inbox.IsEmpty)
            {
                context.ContinueAsNew(job);
                return null;
            }
        }
    }

    private static async Task<JobStep> Poll(TaskOrchestrationContext context, JobAttempt job)
    {
        var step = await context.Call(PollGeneration.Definition, job);
        Tell(context, job, step);
        return step;
    }

    private static async Task KeepOutputs(TaskOrchestrationContext context, JobAttempt job, HistoryLength history)
    {
        while (true)
        {
            history.AddRound();
            var step = await context.Call(CopyOutputs.Definition, job);
            Tell(context, job, step);
            if (step.Kind is JobStepKind.Generating)
            {
                history.AddRound();
                step = await Poll(context, job);
            }

            if (step.Kind is JobStepKind.Ended)
                return;
            if (history.IsDue)
            {
                // It is submitted already, so that the fresh history comes here again.
                context.ContinueAsNew(job with { NotBefore = step.At ?? context.CurrentUtcDateTime });
                return;
            }

            if (step.At is { } at)
                await Until(context, at);
        }
    }

    private static void Tell(TaskOrchestrationContext context, JobAttempt job, JobStep step)
    {
        if (step.News)
            context.SendEvent(InstanceIds.ForBatch(job.Batch), Events.WakeUp, "");
    }

    private static async Task Until(TaskOrchestrationContext context, DateTime at)
    {
        if (at > context.CurrentUtcDateTime)
            await context.CreateTimer(at, CancellationToken.None);
    }
}
