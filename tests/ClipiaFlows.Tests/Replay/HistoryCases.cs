using ClipiaFlows.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using Microsoft.DurableTask;

namespace ClipiaFlows.Tests.Replay;

/// <summary>The runs that are recorded: real flows on the real engine in virtual time, with scripted activities.</summary>
internal static class HistoryCases
{
    private const string Request = "request-1";
    private static readonly DateTimeOffset Start = new VirtualTime().GetUtcNow();
    private static readonly JobAttempt Job = new() { Batch = "spring", N = 3, Attempt = 1, Seed = "seed", PlanOffset = 0, PlanLength = 10, NotBefore = Start.UtcDateTime };
    private static readonly string Batch = InstanceIds.ForBatch("spring");
    private static readonly string Outbox = InstanceIds.ForEvents("spring");

    /// <summary>By the name of the file; each gives the instance to record.</summary>
    public static readonly Dictionary<string, Func<EngineHarness, Task<string>>> All = new()
    {
        ["run-job.delivered"] = async engine =>
        {
            await JobAsync(engine, submits: [Generating(60)]);
            await UntilItWaitsAsync(engine, Job.InstanceId);
            await engine.Client.RaiseEventAsync(Job.InstanceId, Events.Finished, new Finished { RequestId = Request, Ok = true });
            return await EndAsync(engine, Job.InstanceId);
        },
        ["run-job.waiting-for-its-delivery"] = async engine =>
        {
            await JobAsync(engine, submits: [Generating(60)]);
            return await UntilItWaitsAsync(engine, Job.InstanceId);
        },
        ["run-job.polled-and-copied-again"] = async engine =>
        {
            await JobAsync(
                engine,
                submits: [JobStep.TryAgain(At(30), news: true), Generating(60)],
                polls: [Generating(90), JobStep.Generated(Request)],
                copies: [JobStep.TryAgain(At(200)), JobStep.Ended],
                notBefore: 10);
            return await EndAsync(engine, Job.InstanceId);
        },
        ["run-job.told-of-an-error"] = async engine =>
        {
            await JobAsync(engine, submits: [Generating(60)], polls: [JobStep.Ended]);
            await UntilItWaitsAsync(engine, Job.InstanceId);
            await engine.Client.RaiseEventAsync(Job.InstanceId, Events.Finished, new Finished { RequestId = "another", Ok = true });
            await engine.Client.RaiseEventAsync(Job.InstanceId, Events.Finished, new Finished { RequestId = Request, Ok = false });
            return await EndAsync(engine, Job.InstanceId);
        },
        ["run-job.fresh-history-while-polled"] = async engine =>
        {
            await JobAsync(
                engine,
                submits: [.. Enumerable.Range(1, 25).Select(n => Generating(n * 10))],
                polls: [.. Enumerable.Range(2, 24).Select(n => Generating(n * 10)), JobStep.Generated(Request)]);
            return await EndAsync(engine, Job.InstanceId);
        },
        ["run-batch.planned-and-finished"] = async engine =>
        {
            await BatchAsync(engine, BatchStep.Next(BatchStepKind.Plan), BatchStep.Next(BatchStepKind.Advance), BatchStep.WaitUntil(At(60)), BatchStep.Next(BatchStepKind.Finish));
            return await EndAsync(engine, Batch);
        },
        ["run-batch.woken"] = async engine =>
        {
            await BatchAsync(engine, BatchStep.WaitUntil(At(600)), BatchStep.WaitUntil(At(600)));
            await UntilItWaitsAsync(engine, Batch);
            await engine.Client.RaiseEventAsync(Batch, Events.WakeUp, "");
            return await EndAsync(engine, Batch);
        },
        ["run-batch.sleeping-until-its-turn"] = async engine =>
        {
            await BatchAsync(engine, BatchStep.WaitUntil(null), BatchStep.WaitUntil(At(600)));
            await UntilItWaitsAsync(engine, Batch);
            await engine.Client.RaiseEventAsync(Batch, Events.WakeUp, "");
            await UntilItWaitsAsync(engine, Batch);
            await engine.Client.RaiseEventAsync(Batch, Events.WakeUp, "");
            return await EndAsync(engine, Batch);
        },
        ["run-batch.storage-in-trouble"] = async engine =>
        {
            await BatchAsync(engine, null, null, null, null, null, null, BatchStep.WaitUntil(At(600)));
            return await EndAsync(engine, Batch);
        },
        ["tell-others.sent-and-woken"] = async engine =>
        {
            await OutboxAsync(engine, TellStep.More, TellStep.WaitUntil(At(600)), TellStep.Idle);
            await UntilItWaitsAsync(engine, Outbox);
            await engine.Client.RaiseEventAsync(Outbox, Events.WakeUp, "");
            return await EndAsync(engine, Outbox);
        },
        ["tell-others.nobody-can-be-told"] = async engine =>
        {
            await OutboxAsync(engine, null, null, null, null, null, TellStep.WaitUntil(At(3600)));
            return await EndAsync(engine, Outbox);
        },
    };

    private static async Task JobAsync(
        EngineHarness engine, JobStep[] submits, JobStep[]? polls = null, JobStep[]? copies = null, int notBefore = 0)
    {
        engine
            .Orchestrator(RunJob.Name, async context => { await RunJob.RunAsync(context); return null; })
            .Activity(SubmitGeneration.Name, Answers(submits, JobStep.Ended))
            .Activity(PollGeneration.Name, Answers(polls ?? [], JobStep.Ended))
            .Activity(CopyOutputs.Name, Answers(copies ?? [], JobStep.Ended));
        await engine.StartAsync();
        var job = Job with { NotBefore = At(notBefore).UtcDateTime };
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(RunJob.Name, job, new StartOrchestrationOptions(job.InstanceId));
    }

    // A missing answer is an accident.
    private static async Task BatchAsync(EngineHarness engine, params BatchStep?[] steps)
    {
        engine
            .Orchestrator(RunBatch.Name, async context => { await RunBatch.RunAsync(context); return null; })
            .Activity(Advance.Name, Answers(steps, BatchStep.Next(BatchStepKind.End)))
            .Activity(PlanBatch.Name, Answers([], BatchStep.Next(BatchStepKind.Advance)))
            .Activity(FinishBatch.Name, Answers([], BatchStep.Next(BatchStepKind.End)));
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            RunBatch.Name, new BatchRef { Batch = "spring" }, new StartOrchestrationOptions(Batch));
    }

    private static async Task OutboxAsync(EngineHarness engine, params TellStep?[] steps)
    {
        engine
            .Orchestrator(TellOthers.Name, async context => { await TellOthers.RunAsync(context); return null; })
            .Activity(SendEvents.Name, Answers(steps, TellStep.Idle));
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            TellOthers.Name, new BatchRef { Batch = "spring" }, new StartOrchestrationOptions(Outbox));
    }

    private static Func<string?, object?> Answers<T>(T?[] answers, T last) where T : class
    {
        var left = new System.Collections.Concurrent.ConcurrentQueue<T?>(answers);
        return _ => left.TryDequeue(out var next) ? next ?? throw new IOException("The storage does not answer.") : last;
    }

    private static async Task<string> UntilItWaitsAsync(EngineHarness engine, string id)
    {
        // Its answer is history, and so is the turn that it brought.
        await Eventually.Holds(() => (long)engine.Sql(
            $"SELECT count(*) FROM history h JOIN instances i USING(key) WHERE i.id = '{id}' AND kind = {(int)LocalRuntime.Durable.Execution.EventKind.TaskCompleted}")! > 0);
        return id;
    }

    private static async Task<string> EndAsync(EngineHarness engine, string id) => (await engine.EndOfAsync(id)).InstanceId;

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);

    private static JobStep Generating(int pollAfter) => JobStep.Generating(Request, At(pollAfter));
}
