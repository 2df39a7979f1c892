using System.Text.Json;
using ClipiaFlows.Delivery;
using ClipiaFlows.Durable;
using ClipiaFlows.Notifications;
using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Exploring;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>A write was done and its answer lost, or its writer died right after it: what follows it must be done all the same.</summary>
public sealed class LostAnswerTests : IDisposable
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _flow = new();
    private readonly LostAnswers _jobs;
    private readonly Tables _tables;

    public LostAnswerTests()
    {
        _jobs = new LostAnswers(_flow.Tables.Jobs);
        _tables = _flow.Tables with { Jobs = _jobs };
    }

    public void Dispose() => _flow.Dispose();

    [Fact]
    public async Task Issue_RepeatedBecauseTheAppDiedBeforeTheWakeUp_WakesTheBatch()
    {
        await SeedEndedAsync(BatchState.CompletedWithFailures);
        await _flow.Commands.IssueAsync(Batch, new(CommandKind.Retry), "again", _flow.Client, None);
        await ForgetTheWakeUpAsync();

        await _flow.Commands.IssueAsync(Batch, new(CommandKind.Retry), "again", _flow.Client, None);

        await AssertAwakeAsync();
    }

    [Fact]
    public async Task Issue_AnswerOfTheWriteLost_WakesTheBatch()
    {
        await SeedEndedAsync(BatchState.CompletedWithFailures);
        _jobs.Loses = _ => true;

        var receipt = await new BatchCommands(_tables, Options.Create(new LimitOptions()), _flow.Time).IssueAsync(Batch, new(CommandKind.Retry), "again", _flow.Client, None);

        Assert.IsType<CommandReceipt.Accepted>(receipt);
        await AssertAwakeAsync();
    }

    /// <summary>Left lying by a crash, it would be obeyed whenever somebody commands something else, and cost money then.</summary>
    [Fact]
    public async Task Issue_ForABatchThatHasEnded_IsLookedAfterFromTheMomentItStands()
    {
        await SeedEndedAsync(BatchState.Failed);
        BatchIndexRow? watched = null;
        _jobs.Before = async _ => watched = await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None);

        await new BatchCommands(_tables, Options.Create(new LimitOptions()), _flow.Time).IssueAsync(Batch, new(CommandKind.Retry), "again", _flow.Client, None);

        Assert.NotNull(watched);
    }

    [Fact]
    public async Task Issue_RepeatedAfterItWasDecided_WakesNobody()
    {
        await _flow.SeedAsync(Batch, [new SeedJob()]);
        await _flow.CommandAsync(Batch, new(CommandKind.Pause), "pause");
        await ForgetTheWakeUpAsync();

        await _flow.Commands.IssueAsync(Batch, new(CommandKind.Pause), "pause", _flow.Client, None);

        Assert.Empty(_flow.Client.Instances);
    }

    [Fact]
    public async Task FinishBatch_AnswerOfTheLastWriteLost_StillGivesSlotsBackAndLeavesTheBatch()
    {
        await SeedEndedAsync(BatchState.Running);
        await _flow.Tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(Batch, _flow.Time.GetUtcNow())), None);
        await _flow.Pacing.HoldAsync(Batch, new(Used: 0, Wanted: 1, Weight: 1), None);
        _jobs.Loses = changes => changes.Actions.Any(action => action.Entity is BatchRow { FinishedAt: not null });

        var step = await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None);

        Assert.Equal(BatchStepKind.End, step.Kind);
        Assert.Equal(BatchState.Failed, (await _flow.BatchAsync(Batch)).State);
        Assert.Null(await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None));
        Assert.Equal(BatchHarness.Slots, (await _flow.Pacing.HoldAsync("other", new(0, BatchHarness.Slots, 1), None)).Turns.Count);
    }

    [Fact]
    public async Task FinishBatch_RetriedMeanwhile_LeavesTheBatchToAdvance()
    {
        await SeedEndedAsync(BatchState.Running);
        await _flow.Tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(Batch, _flow.Time.GetUtcNow())), None);
        _jobs.Loses = changes =>
        {
            var row = _flow.BatchAsync(Batch).Result;
            (row.State, row.IsRetrying) = (BatchState.Running, true);
            return _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(row), None).Result;
        };

        var step = await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None);

        Assert.Equal(BatchStepKind.Advance, step.Kind);
        Assert.NotNull(await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None));
    }

    /// <summary>A run beside this one has written a receipt that knows more, and this one has put its older files over it.</summary>
    [Fact]
    public async Task FinishBatch_ARunBesideItselfWasFasterAndKnewMore_WritesTheReceiptAnew()
    {
        await SeedEndedAsync(BatchState.Running);
        var step = BatchStep.Next(BatchStepKind.Finish);
        var flight = new Flight("finish", stopBefore: 0);
        await flight.StartAsync(async () => step = await NewFinish(new GatedBlobs(_flow.Blobs)).RunAsync(new() { Batch = Batch }, _flow.Client, None));
        _flow.Time.Advance(TimeSpan.FromSeconds(1));
        await SucceedAfterAllAsync();
        await flight.GoOnAsync();
        while (step.Kind is BatchStepKind.Advance)
        {
            step = await _flow.AdvanceAsync(Batch);
            if (step.Kind is BatchStepKind.Finish)
                step = await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None);
        }

        Assert.Equal(BatchState.Completed, (await _flow.BatchAsync(Batch)).State);
        var summary = JsonElement.Parse(_flow.Blobs.Blobs[BlobNames.Receipt(Batch, "summary.json")]);
        Assert.Equal("Completed", summary.GetProperty("batch").GetProperty("state").GetString());

        async Task SucceedAfterAllAsync()
        {
            var (row, job) = (await _flow.BatchAsync(Batch), await _flow.JobAsync(Batch, 0));
            (row.Failed, row.Succeeded, job.State, job.Code) = (0, 1, JobState.Succeeded, null);
            var changes = RowChanges.Replacing(row);
            changes.Replace(job);
            await _flow.Tables.Jobs.CommitAsync(changes, None);
            await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None);
        }
    }

    /// <summary>The engine has forgotten this run and listens to no answer of it; its older files lie over the newer ones.</summary>
    [Fact]
    public async Task FinishBatch_ARunThatNobodyWaitsForPutItsFilesOverNewerOnes_IsLookedAfter()
    {
        await SeedEndedAsync(BatchState.Running);
        var flight = new Flight("finish", stopBefore: 0);
        await flight.StartAsync(() => NewFinish(new GatedBlobs(_flow.Blobs)).RunAsync(new() { Batch = Batch }, _flow.Client, None));
        _flow.Time.Advance(TimeSpan.FromSeconds(1));
        var (row, job) = (await _flow.BatchAsync(Batch), await _flow.JobAsync(Batch, 0));
        (row.Failed, row.Succeeded, job.State, job.Code) = (0, 1, JobState.Succeeded, null);
        var changes = RowChanges.Replacing(row);
        changes.Replace(job);
        await _flow.Tables.Jobs.CommitAsync(changes, None);
        Assert.Equal(BatchStepKind.End, (await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None)).Kind);
        await flight.GoOnAsync();

        await new BatchInstances(_flow.Tables, _flow.Pacing, _flow.Time, NullLogger<BatchInstances>.Instance).WakeAllAsync(_flow.Client, None);

        Assert.Contains(InstanceIds.ForBatch(Batch), _flow.Client.Instances.Keys);
        Assert.Equal(BatchStepKind.Finish, (await _flow.AdvanceAsync(Batch)).Kind);
        Assert.Equal(BatchStepKind.End, (await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None)).Kind);
        var summary = JsonElement.Parse(_flow.Blobs.Blobs[BlobNames.Receipt(Batch, "summary.json")]);
        Assert.Equal("Completed", summary.GetProperty("batch").GetProperty("state").GetString());
    }

    /// <summary>A batch that is being deleted has jobs that have all ended, or none any more; it is not finished for that.</summary>
    [Fact]
    public async Task FinishBatch_RunsOnceMoreWhileTheBatchIsBeingDeleted_LetsItBeDeleted()
    {
        await SeedEndedAsync(BatchState.Completed);
        await _flow.CommandAsync(Batch, new(CommandKind.Delete), "delete");

        var step = await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None);

        Assert.Equal(BatchStepKind.Advance, step.Kind);
        Assert.Equal(BatchState.Deleting, (await _flow.BatchAsync(Batch)).State);
        Assert.DoesNotContain(BlobNames.Receipt(Batch, "summary.json"), _flow.Blobs.Blobs.Keys);
    }

    /// <summary>The deletion was done by a run beside this one, and what has the id now is under way and paid for.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task DeleteBatch_StoodStillUntilThereIsAnotherBatchOfTheId_LeavesThatAlone(int commit)
    {
        await _flow.SeedAsync(Batch, [new SeedJob(), new SeedJob()], row => (row.State, row.Seed) = (BatchState.Deleting, "first"));
        _jobs.Before = async _ =>
        {
            if (commit-- > 0)
                return;
            _jobs.Before = _ => Task.CompletedTask;
            await new DeleteBatch(_flow.Tables, _flow.Blobs, new InMemoryOutputStore()).RunAsync(new() { Batch = Batch }, _flow.Client, None);
            await _flow.SeedAsync(Batch, [new SeedJob(), new SeedJob(), new SeedJob(0)], row => row.Seed = "second");
            await _flow.AdvanceAsync(Batch);
        };

        var step = await new DeleteBatch(_tables, _flow.Blobs, new InMemoryOutputStore()).RunAsync(new() { Batch = Batch }, _flow.Client, None);

        Assert.Equal(BatchStepKind.Advance, step.Kind);
        Assert.Equal(("second", 3), ((await _flow.BatchAsync(Batch)).Seed, (await _flow.RowsAsync<JobRow>(Batch, "J")).Count));
        Assert.Contains(BlobNames.Plan(Batch), _flow.Blobs.Blobs.Keys);
        Assert.Equal(BatchStepKind.Finish, (await _flow.RunToEndAsync(Batch)).Kind);
    }

    /// <summary>Its sender stood still, and it was meant for another batch.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Issue_TheBatchIsDeletedBeforeItIsWritten_IsNotObeyedByAnotherOfItsId(bool meanwhile)
    {
        await _flow.SeedAsync(Batch, [new SeedJob()], row => row.Seed = "first");
        _jobs.Before = async _ =>
        {
            _jobs.Before = _ => Task.CompletedTask;
            var batch = await _flow.BatchAsync(Batch);
            batch.State = BatchState.Deleting;
            await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None);
            await new DeleteBatch(_flow.Tables, _flow.Blobs, new InMemoryOutputStore()).RunAsync(new() { Batch = Batch }, _flow.Client, None);
            if (meanwhile)
                await _flow.SeedAsync(Batch, [new SeedJob()], row => row.Seed = "second");
        };

        var receipt = await new BatchCommands(_tables, Options.Create(new LimitOptions()), _flow.Time).IssueAsync(Batch, new(CommandKind.Cancel), "cancel", _flow.Client, None);
        if (!meanwhile)
            await _flow.SeedAsync(Batch, [new SeedJob()], row => row.Seed = "second");

        Assert.IsType<CommandReceipt.NoSuchBatch>(receipt);
        await _flow.AdvanceAsync(Batch);
        Assert.Equal(BatchState.Running, (await _flow.BatchAsync(Batch)).State);
    }

    /// <summary>Storage loses one answer in three, and the app starts anew after each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Advance_ManyAnswersLost_EndsWithRightCounts(int seed)
    {
        var random = new Random(seed);
        _flow.Jobs.Loses = changes => changes.Actions.Any(action => action.Entity is BatchRow) && random.Next(3) == 0;
        await _flow.SeedAsync(
            Batch,
            [.. Enumerable.Range(0, 40).Select(n => n % 4 == 0 ? new SeedJob() : n % 4 == 3 ? new SeedJob { After = [n - 3] } : new SeedJob(n - 1))],
            row => (row.Retries, row.Budget) = (1, 40 * 4));

        var step = await _flow.RunToEndAsync(Batch, _ => random.Next(4) == 0 ? JobState.Failed : JobState.Succeeded);

        Assert.Equal(BatchStepKind.Finish, step.Kind);
    }

    /// <summary>Another process takes steps of its own between any two of this one's, while people pause, resume and give up.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Advance_AnotherRunBetweenAnyTwoSteps_EndsWithRightCounts(int seed)
    {
        var random = new Random(seed);
        await _flow.SeedAsync(
            Batch,
            [.. Enumerable.Range(0, 40).Select(n => n % 4 == 0 ? new SeedJob() : n % 4 == 3 ? new SeedJob { After = [n - 3] } : new SeedJob(n - 1))],
            row => (row.Retries, row.Budget) = (1, 60 * 4));
        var (one, other) = (_flow.NewAdvance(), _flow.NewAdvance());
        var isNested = false;
        _flow.Jobs.Before = _flow.Jobs.After = async changes =>
        {
            if (isNested || random.Next(3) > 0 || !changes.Actions.Any(action => action.Entity is BatchRow))
                return;
            isNested = true;
            await other.RunAsync(new() { Batch = Batch }, _flow.Client, None);
            isNested = false;
        };

        var step = BatchStep.Next(BatchStepKind.Advance);
        for (var round = 0; step.Kind is not BatchStepKind.Finish; round++)
        {
            Assert.InRange(round, 0, 500);
            await _flow.Commands.IssueAsync(Batch, new(CommandOf(round)), null, _flow.Client, None);
            step = await _flow.AdvanceAsync(Batch, one);
            foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
            {
                if (random.Next(2) == 0)
                    await _flow.EndAsync(Batch, job, (JobState)random.Next((int)JobState.Succeeded, (int)JobState.Failed + 1));
            }
        }

        CommandKind CommandOf(int round) => round == 40 + seed
            ? (seed % 2 == 0 ? CommandKind.Abandon : CommandKind.Cancel)
            : random.Next(3) == 0 ? CommandKind.Pause : CommandKind.Resume;
    }

    [Fact]
    public async Task FinishBatch_DeletedWhileItsReceiptIsWritten_LeavesNoPaper()
    {
        await SeedEndedAsync(BatchState.Completed);
        var batch = await _flow.BatchAsync(Batch);
        batch.IsReceiptDue = true;
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None);
        var step = BatchStep.Next(BatchStepKind.Finish);
        var flight = new Flight("finish", stopBefore: 0);
        await flight.StartAsync(async () => step = await NewFinish(new GatedBlobs(_flow.Blobs)).RunAsync(new() { Batch = Batch }, _flow.Client, None));
        batch = await _flow.BatchAsync(Batch);
        batch.State = BatchState.Deleting;
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None);
        await new DeleteBatch(_flow.Tables, _flow.Blobs, new InMemoryOutputStore()).RunAsync(new() { Batch = Batch }, _flow.Client, None);

        await flight.GoOnAsync();

        Assert.Equal(BatchStepKind.Advance, step.Kind);
        Assert.Empty(_flow.Blobs.Blobs.Keys);
    }

    /// <summary>The batch goes on, and somebody must see to it that it does.</summary>
    [Fact]
    public async Task FinishBatch_ACommandCameAtTheLastMoment_StaysOnTheWatchdogsList()
    {
        await SeedEndedAsync(BatchState.Running);
        await _flow.Tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(Batch, _flow.Time.GetUtcNow())), None);
        await _flow.Tables.Jobs.CommitAsync(
            RowChanges.Putting(new CommandRequest(CommandKind.Retry).ToRow(Batch, "again", _flow.Time.GetUtcNow())), None);

        var step = await NewFinish().RunAsync(new() { Batch = Batch }, _flow.Client, None);

        Assert.Equal(BatchStepKind.Advance, step.Kind);
        Assert.NotNull(await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None));
    }

    /// <summary>An instance is found ended whose late delivery is being taken at this moment.</summary>
    [Fact]
    public async Task RepeatMarker_ADeliveryComesInBetween_LeavesItsWordStanding()
    {
        await _flow.SeedAsync(Batch, [new SeedJob()]);
        await _flow.AdvanceAsync(Batch);
        await _flow.EndAsync(Batch, Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A")), JobState.Unresolved);
        await _flow.AdvanceAsync(Batch);
        _jobs.Before = async _ =>
        {
            _jobs.Before = _ => Task.CompletedTask;
            var attempt = await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 0, 1), None);
            await new LateDeliveries(_flow.Tables, _flow.Attempts, _flow.Time).TakeAsync(attempt!, "request-0-1", _flow.Client, None);
        };

        await new AttemptStore(_tables, _flow.Time).RepeatMarkerAsync(BatchHarness.AttemptOf(Batch, 0, 1), None);

        Assert.Equal(MarkerKind.Revived, Assert.Single(await _flow.RowsAsync<MarkerRow>(Batch, "D")).Kind);
    }

    [Fact]
    public async Task KeyPacing_EveryAnswerLost_TakesEachTurnOnceAndComesToAnEnd()
    {
        var keys = new LostAnswers(_flow.Tables.Keys) { Loses = _ => true };
        using var pacing = new KeyPacing(
            _flow.Tables with { Keys = keys }, Options.Create(new PacingOptions { Concurrency = 4, RequestsPerMinute = 60 }), _flow.Options, _flow.Time);

        var slots = await pacing.HoldAsync(Batch, new(Used: 0, Wanted: 6, Weight: 1), None).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(4, slots.Turns.Count);
        var before = slots.Turns[^1];
        var turn = await pacing.TakeTurnAsync(None).WaitAsync(TimeSpan.FromSeconds(20));

        // A request a second, at 95 % of the rate: the fifth turn follows the fourth.
        Assert.InRange(turn!.Value - before, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public async Task LateDelivery_AnswerOfTheWriteLost_StillRunsTheJobAgain()
    {
        await _flow.SeedAsync(Batch, [new SeedJob()]);
        await _flow.AdvanceAsync(Batch);
        await _flow.EndAsync(Batch, Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A")), JobState.Unresolved);
        await _flow.AdvanceAsync(Batch);
        _flow.Client.Instances[InstanceIds.ForJob(Batch, 0, 1)] = Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Completed;
        _jobs.Loses = _ => true;

        var attempt = await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 0, 1), None);
        await new LateDeliveries(_tables, new AttemptStore(_tables, _flow.Time), _flow.Time).TakeAsync(attempt!, "request-0-1", _flow.Client, None);

        Assert.Equal(Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Running, _flow.Client.Instances[InstanceIds.ForJob(Batch, 0, 1)]);
        Assert.NotNull(await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None));
    }

    /// <summary>A batch of one job, which has failed.</summary>
    private async Task SeedEndedAsync(BatchState state)
    {
        await _flow.SeedAsync(Batch, [new SeedJob()]);
        await _flow.RunToEndAsync(Batch, _ => JobState.Failed);
        var row = await _flow.BatchAsync(Batch);
        row.State = state;
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(row), None);
        await ForgetTheWakeUpAsync();
    }

    private async Task ForgetTheWakeUpAsync()
    {
        _flow.Client.Instances.Clear();
        _flow.Client.Events.Clear();
        if (await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None) is not { } watched)
            return;
        var changes = new RowChanges();
        changes.Delete(watched);
        await _flow.Tables.Batches.CommitAsync(changes, None);
    }

    private async Task AssertAwakeAsync()
    {
        Assert.NotNull(await _flow.Tables.Batches.FindAsync<BatchIndexRow>(BatchIndexRow.Active, Batch, None));
        Assert.Contains(InstanceIds.ForBatch(Batch), _flow.Client.Instances.Keys);
        Assert.Contains((InstanceIds.ForBatch(Batch), Events.WakeUp), _flow.Client.Events);
    }

    private FinishBatch NewFinish(IStateBlobs? blobs = null) => new(
        _tables,
        new Receipt(new Results(new JobQueries(_tables), _flow.Blobs, BatchHarness.Links), blobs ?? _flow.Blobs, new TargetQueries(_tables), _flow.Time),
        new Outbox(Options.Create(new NotificationOptions()), _flow.Time),
        _flow.Pacing,
        _flow.Clipia,
        new BatchProgress(_tables, _flow.Pacing, _flow.Time, NullLogger<BatchProgress>.Instance),
        _flow.Time);
}
