using System.Text.Json;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Production;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Tests.Production;

/// <summary>The flow of a job on the real engine in virtual time; only its activities are scripted.</summary>
public sealed class RunJobTests : IAsyncLifetime
{
    private const string Request = "request-1";
    private static readonly DateTime Start = new VirtualTime().GetUtcNow().UtcDateTime;
    private readonly List<string> _calls = [];
    private readonly Queue<Func<JobStep>> _submits = new();
    private readonly Queue<Func<JobStep>> _polls = new();
    private readonly Queue<Func<JobStep>> _copies = new();
    private EngineHarness? _engine;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_DeliveryComes_CopiesWithoutAPoll(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => Generating(60));
        var job = await BeginAsync(() => _calls.Count == 1);

        await DeliverAsync(job, new Finished { RequestId = Request, Ok = true });

        await EndOfAsync(job, clockStands: true);
        Assert.Equal(["submit", "copy"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_DeliveryBeforeTheSubmissionIsAnswered_IsKeptAndBelieved(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        using var delivered = new ManualResetEventSlim();
        _submits.Enqueue(() =>
        {
            delivered.Wait();
            return Generating(60);
        });
        var job = await BeginAsync(() => _calls.Count == 1);
        await DeliverAsync(job, new Finished { RequestId = Request, Ok = true });
        delivered.Set();

        await EndOfAsync(job, clockStands: true);
        Assert.Equal(["submit", "copy"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_SubmissionUnknownAndDeliveryComes_AsksForTheSubmissionAtOnce(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => JobStep.TryAgain(At(300)));
        _submits.Enqueue(() => Generating(600));
        var job = await BeginAsync(() => _calls.Count == 1);

        await DeliverAsync(job, new Finished { RequestId = Request, Ok = true });

        await EndOfAsync(job, clockStands: true);
        Assert.Equal(["submit", "submit", "copy"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_DeliveriesOfOtherRequests_ChangeNothing(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => Generating(60));
        _polls.Enqueue(() => JobStep.Generated(Request));
        var job = await BeginAsync(() => _calls.Count == 1);

        await DeliverAsync(job, new Finished { RequestId = "another", Ok = true });
        await DeliverAsync(job, new Finished { RequestId = "a-third", Ok = false });

        await EndOfAsync(job);
        Assert.Equal(["submit", "poll", "copy"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_ErrorDelivery_AsksForTheResultAtOnce(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => Generating(600));
        _polls.Enqueue(() => JobStep.Ended);
        var job = await BeginAsync(() => _calls.Count == 1);

        await DeliverAsync(job, new Finished { RequestId = Request, Ok = false });

        await EndOfAsync(job, clockStands: true);
        Assert.Equal(["submit", "poll"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_NoDeliveryForSixtyPolls_EndsWithShortHistories(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        for (var i = 0; i < 60; i++)
        {
            var seconds = (i + 1) * 10;
            _submits.Enqueue(() => Generating(seconds));
            _polls.Enqueue(() => Generating(seconds + 10));
        }

        _polls.Enqueue(() => JobStep.Generated(Request));
        var job = await BeginAsync(() => true);

        await EndOfAsync(job);
        Assert.Equal(61, _calls.Count(call => call == "poll"));
        Assert.Equal(1, _calls.Count(call => call == "copy"));
        // The first, and one for each fresh history: it finds the recorded submission and pays nothing.
        Assert.InRange(_calls.Count(call => call == "submit"), 2, 4);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_ToldToTryNow_DoesNotWaitForTheMoment(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => JobStep.TryAgain(At(3600)));
        _submits.Enqueue(() => JobStep.Ended);
        var job = await BeginAsync(() => _calls.Count == 1);

        await DeliverAsync(job, new Finished());

        await EndOfAsync(job, clockStands: true);
        Assert.Equal(["submit", "submit"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_TurnLiesAhead_SubmitsNotBefore(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        DateTimeOffset submitted = default;
        _submits.Enqueue(() =>
        {
            submitted = _engine!.Time.GetUtcNow();
            return JobStep.Ended;
        });

        await EndOfAsync(await BeginAsync(() => true, notBefore: 45));

        Assert.True(submitted >= Start.AddSeconds(45));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_DeliveryCannotBeRead_AsksForTheResultAndCopies(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => Generating(600));
        _copies.Enqueue(() => Generating(0));
        _polls.Enqueue(() => JobStep.Generated(Request));
        var job = await BeginAsync(() => _calls.Count == 1);

        await DeliverAsync(job, new Finished { RequestId = Request, Ok = true });

        await EndOfAsync(job, clockStands: true);
        Assert.Equal(["submit", "copy", "poll", "copy"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_RefusedForDays_GoesOnWithShortHistories(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        for (var i = 1; i <= 50; i++)
        {
            var hour = i;
            _submits.Enqueue(() => JobStep.TryAgain(At(hour * 3600)));
        }

        await EndOfAsync(await BeginAsync(() => true));

        Assert.Equal(51, _calls.Count(call => call == "submit"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_CopyMustWait_CopiesAgain(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        _submits.Enqueue(() => JobStep.Generated(Request));
        _polls.Enqueue(() => JobStep.Generated(Request));
        _copies.Enqueue(() => JobStep.TryAgain(At(30)));

        await EndOfAsync(await BeginAsync(() => true));

        Assert.Equal(["submit", "poll", "copy", "copy"], _calls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_CopyMustWaitForHours_GoesOnWithShortHistories(bool alwaysReplay)
    {
        await StartAsync(alwaysReplay);
        for (var i = 1; i <= 40; i++)
        {
            var hour = i;
            _submits.Enqueue(() => JobStep.Generated(Request));
            _polls.Enqueue(() => JobStep.Generated(Request));
            _copies.Enqueue(() => JobStep.TryAgain(At(hour * 3600)));
        }

        await EndOfAsync(await BeginAsync(() => true));

        Assert.Equal(41, _calls.Count(call => call == "copy"));
        Assert.Equal(2, _calls.Count(call => call == "submit"));
    }

    private async Task StartAsync(bool alwaysReplay)
    {
        _engine = new EngineHarness(options => options.AlwaysReplay = alwaysReplay);
        _engine.Orchestrator(RunJob.Name, async context =>
        {
            await RunJob.RunAsync(context);
            return null;
        });
        _engine.Activity(SubmitGeneration.Name, _ => Next("submit", _submits));
        _engine.Activity(PollGeneration.Name, _ => Next("poll", _polls));
        _engine.Activity(CopyOutputs.Name, _ => Next("copy", _copies));
        await _engine.StartAsync();
    }

    private JobStep Next(string call, Queue<Func<JobStep>> answers)
    {
        Func<JobStep>? answer;
        lock (_calls)
        {
            _calls.Add(call);
            answers.TryDequeue(out answer);
        }

        return answer?.Invoke() ?? JobStep.Ended;
    }

    private async Task<string> BeginAsync(Func<bool> holds, int notBefore = 0)
    {
        var job = new JobAttempt
        {
            Batch = "spring", N = 3, Attempt = 1, Seed = "seed", PlanOffset = 0, PlanLength = 10, NotBefore = Start.AddSeconds(notBefore),
        };
        await _engine!.Client.ScheduleNewOrchestrationInstanceAsync(RunJob.Name, job, new StartOrchestrationOptions(job.InstanceId));
        await Eventually.Holds(() =>
        {
            lock (_calls)
                return holds();
        });
        return job.InstanceId;
    }

    private Task DeliverAsync(string instance, Finished finished) =>
        _engine!.Client.RaiseEventAsync(instance, Events.Finished, finished);

    /// <summary>Waits for the end; with a standing clock, a flow that waits for a timer never comes to it.</summary>
    private async Task EndOfAsync(string instance, bool clockStands = false)
    {
        var end = clockStands
            ? await _engine!.Client.WaitForInstanceCompletionAsync(instance).WaitAsync(EngineHarness.Patience)
            : await _engine!.EndOfAsync(instance);
        Assert.True(end.RuntimeStatus is OrchestrationRuntimeStatus.Completed, JsonSerializer.Serialize(end.FailureDetails?.ErrorMessage));
    }

    private static DateTimeOffset At(int seconds) => new(Start.AddSeconds(seconds), TimeSpan.Zero);

    private static JobStep Generating(int pollAfter) => JobStep.Generating(Request, At(pollAfter));
}
