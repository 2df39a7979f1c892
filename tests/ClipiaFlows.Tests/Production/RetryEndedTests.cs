using Clipia.Emulator;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Production;

/// <summary>Retries of ended batches, priced by the emulator.</summary>
public sealed class RetryEndedTests : IAsyncLifetime
{
    private const string Batch = "spring";
    private EmulatorApi _emulator = null!;
    private BatchHarness _flow = null!;

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorApi.StartAsync(new EmulatorOptions());
        _flow = new BatchHarness(_emulator.BaseUrl, _emulator.LiveKey!);
    }

    public async Task DisposeAsync()
    {
        _flow.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Retry_SevenOfHundredFailed_RunsExactlySevenAsNewAttempts()
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Range(0, 100).Select(_ => new SeedJob())]);
        await _flow.RunToEndAsync(Batch, job => job.N % 14 == 3 ? JobState.Failed : JobState.Succeeded);
        var failed = (await _flow.RowsAsync<JobRow>(Batch, "J")).Where(job => job.State is JobState.Failed).Select(job => job.N).ToList();
        Assert.Equal(7, failed.Count);
        await EndAsync(BatchState.CompletedWithFailures);

        await _flow.CommandAsync(Batch, new(CommandKind.Retry), "again");
        var ran = new List<(int, int)>();
        await _flow.RunToEndAsync(Batch, job =>
        {
            ran.Add((job.N, job.Attempt));
            return JobState.Succeeded;
        });

        Assert.Equal(failed.Select(n => (n, 2)), ran.Order());
        var operation = await _flow.Commands.FindAsync(Batch, "again", default);
        Assert.Equal(OperationStatus.Done, operation!.Status);
        Assert.Equal("7 jobs run again, for 28 credits by the API's estimates.", operation.Message);
        Assert.Equal(100, (await _flow.BatchAsync(Batch)).Succeeded);
    }

    [Fact]
    public async Task Retry_FailureWithDependents_RunsTheChainInOrder()
    {
        // 2 needs 1, which needs 0; 3 needs 2 and 4; 4 succeeded.
        await _flow.SeedAsync(Batch, [new(), new(0), new(1), new(2, 4), new()]);
        await _flow.RunToEndAsync(Batch, job => job.N == 0 ? JobState.Failed : JobState.Succeeded);
        Assert.Equal((1, 3, 1), await CountsAsync());
        await EndAsync(BatchState.CompletedWithFailures);

        await _flow.CommandAsync(Batch, new(CommandKind.Retry));
        var order = new List<int>();
        await _flow.RunToEndAsync(Batch, job =>
        {
            order.Add(job.N);
            return JobState.Succeeded;
        });

        Assert.Equal([0, 1, 2, 3], order);
        Assert.Equal((0, 0, 5), await CountsAsync());
    }

    [Fact]
    public async Task Retry_FailedJob_IsReadyWhenItIsRetriedAndNotWhenItFirstWas()
    {
        await _flow.SeedAsync(Batch, [new(), new(0)]);
        await _flow.RunToEndAsync(Batch, job => job.N == 0 ? JobState.Failed : JobState.Succeeded);
        await EndAsync(BatchState.Failed);
        _flow.Time.Advance(TimeSpan.FromHours(1));
        var retriedAt = _flow.Time.GetUtcNow();

        await _flow.CommandAsync(Batch, new(CommandKind.Retry));

        var jobs = await _flow.RowsAsync<JobRow>(Batch, "J");
        Assert.Equal((JobState.Submitting, true), (jobs[0].State, jobs[0].ReadyAt >= retriedAt));
        Assert.Equal((JobState.Waiting, null, null), (jobs[1].State, jobs[1].ReadyAt, jobs[1].ClaimedAt));
    }

    /// <summary>Cancelled for the failures of before, they could never be retried again.</summary>
    [Fact]
    public async Task Retry_SomeOfMoreFailuresThanAreBorne_RunsThem()
    {
        await _flow.SeedAsync(Batch, [new(), new(), new(), new()], row => row.ToleratedFailures = 1);
        await _flow.RunToEndAsync(Batch, job => job.N < 3 ? JobState.Failed : JobState.Succeeded);
        await EndAsync(BatchState.CompletedWithFailures);

        await _flow.CommandAsync(Batch, new(CommandKind.Retry) { Jobs = ["job-0"] });

        Assert.Equal((JobState.Submitting, 2), await _flow.JobAsync(Batch, 0) is var job ? (job.State, job.Attempt) : default);
        Assert.Equal(BatchStepKind.Finish, (await _flow.RunToEndAsync(Batch)).Kind);
        Assert.Equal((2, 0, 2), await CountsAsync());
    }

    [Fact]
    public async Task Retry_OnlyAJobWhoseNeedIsNotRetried_SkipsItAgain()
    {
        await _flow.SeedAsync(Batch, [new(), new(0)]);
        await _flow.RunToEndAsync(Batch, _ => JobState.Failed);
        await EndAsync(BatchState.Failed);

        await _flow.CommandAsync(Batch, new(CommandKind.Retry) { Jobs = ["job-1"] }, "again");

        Assert.Equal((1, 1, 0), await CountsAsync());
        Assert.StartsWith("0 jobs run again", (await _flow.Commands.FindAsync(Batch, "again", default))!.Message);
    }

    [Fact]
    public async Task Retry_WhileRunning_LosesAndDoublesNothing()
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Range(0, 60).Select(n => n % 3 == 0 ? new SeedJob() : new SeedJob(n - 1))]);
        await _flow.AdvanceAsync(Batch);
        foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
            await _flow.EndAsync(Batch, job, job.N % 2 == 0 ? JobState.Failed : JobState.Succeeded);
        await _flow.AdvanceAsync(Batch);

        await _flow.CommandAsync(Batch, new(CommandKind.Retry));

        Assert.Equal(BatchStepKind.Finish, (await _flow.RunToEndAsync(Batch)).Kind);
        Assert.Equal((0, 0, 60), await CountsAsync());
    }

    /// <summary>Its end frees the slot that the next attempt waits for: the job is settled and claimed at the same time.</summary>
    [Fact]
    public async Task LateEnd_OfAnAttemptWhoseNextWaitsForItsSlot_IsSettledAndTheNextClaimed()
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Range(0, BatchHarness.Slots + 1).Select(_ => new SeedJob())]);
        await _flow.AdvanceAsync(Batch);
        var attempt = BatchHarness.NewAttempt(Batch, 0, 1);
        attempt.State = JobState.Generating;
        await _flow.Attempts.SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.Overdue), default);
        await _flow.AdvanceAsync(Batch);
        await _flow.CommandAsync(Batch, new(CommandKind.Retry));
        Assert.Equal(JobState.Ready, (await _flow.JobAsync(Batch, 0)).State);

        await _flow.EndAsync(Batch, 0, 1, JobState.Succeeded, cost: 4);
        await _flow.AdvanceAsync(Batch);

        Assert.Equal((JobState.Submitting, 2, 4m), await _flow.JobAsync(Batch, 0) is var job ? (job.State, job.Attempt, job.Charged) : default);
        Assert.Equal(BatchStepKind.Finish, (await _flow.RunToEndAsync(Batch)).Kind);
        Assert.Equal(32, (await _flow.BatchAsync(Batch)).Charged);
    }

    [Fact]
    public async Task Quote_BeforeARetry_TellsJobsAndCreditsAndChangesNothing()
    {
        await _flow.SeedAsync(Batch, [new(), new(), new(0)]);
        await _flow.RunToEndAsync(Batch, job => job.N == 0 ? JobState.Failed : JobState.Succeeded);
        var before = (await _flow.BatchAsync(Batch)).ETag;

        var quote = new RetryQuote(_flow.Tables, _flow.Blobs, new PriceList(_flow.Clipia, _flow.Pacing, _flow.Time), _flow.Time);

        Assert.Equal(new RetryPrice(2, 8, 0), await quote.FindAsync(Batch, null, buyAgain: false, default));
        Assert.Equal(before, (await _flow.BatchAsync(Batch)).ETag);
    }

    [Fact]
    public async Task Retry_FilesCouldNotBeStored_CollectsThemWithTheSameAttemptForNothing()
    {
        await SeedWithLostFilesAsync();
        var quote = new RetryQuote(_flow.Tables, _flow.Blobs, new PriceList(_flow.Clipia, _flow.Pacing, _flow.Time), _flow.Time);
        Assert.Equal(new RetryPrice(3, 8, 0, Collects: 1), await quote.FindAsync(Batch, null, buyAgain: false, default));
        Assert.Equal(new RetryPrice(3, 12, 0), await quote.FindAsync(Batch, null, buyAgain: true, default));

        await _flow.CommandAsync(Batch, new(CommandKind.Retry), "again");

        Assert.Equal((JobState.Submitting, 1), await _flow.JobAsync(Batch, 0) is var lost ? (lost.State, lost.Attempt) : default);
        Assert.Equal((1, 4m), await _flow.BatchAsync(Batch) is var running ? (running.RetryingCopy, running.Reserved) : default);
        Assert.Equal(
            "3 jobs run again, for 8 credits by the API's estimates. 1 of them only fetches files that are paid for.",
            (await _flow.Commands.FindAsync(Batch, "again", default))!.Message);
        var attempt = (await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 0, 1), default))!;
        Assert.Equal((JobState.Copying, 0, true, null), (attempt.State, attempt.CopyTries, attempt.IsResultStale, attempt.Code));

        Assert.Equal(BatchStepKind.Finish, (await _flow.RunToEndAsync(Batch)).Kind);
        Assert.Equal((0, 0, 4), await CountsAsync());
        // The refund is of the job that failed upstream.
        Assert.Equal((16m, 0m, 4m), await _flow.BatchAsync(Batch) is var ended ? (ended.Charged, ended.Reserved, ended.Refunded) : default);
        Assert.Equal((1, 4m), await _flow.JobAsync(Batch, 0) is var collected ? (collected.Attempt, collected.Charged) : default);
    }

    [Fact]
    public async Task Retry_FilesThatAreGoneForGood_FailsAgainAndChargesNothing()
    {
        await SeedWithLostFilesAsync();
        await _flow.CommandAsync(Batch, new(CommandKind.Retry) { Jobs = ["job-0"] });

        await LoseFilesAsync();

        Assert.Equal(BatchStepKind.Finish, (await _flow.AdvanceAsync(Batch)).Kind);
        Assert.Equal((JobState.Failed, 1, 4m), await _flow.JobAsync(Batch, 0) is var job ? (job.State, job.Attempt, job.Charged) : default);
    }

    [Fact]
    public async Task Retry_BuyAgain_PaysForAnotherAttempt()
    {
        await SeedWithLostFilesAsync();

        await _flow.CommandAsync(Batch, new(CommandKind.Retry) { Jobs = ["job-0"], BuyAgain = true });

        Assert.Equal((JobState.Submitting, 2), await _flow.JobAsync(Batch, 0) is var job ? (job.State, job.Attempt) : default);
        Assert.Equal((0, 4m), await _flow.BatchAsync(Batch) is var batch ? (batch.RetryingCopy, batch.Reserved) : default);
        await _flow.RunToEndAsync(Batch);
        Assert.Equal(8m, (await _flow.JobAsync(Batch, 0)).Charged);
    }

    [Fact]
    public async Task Retry_BudgetIsUsedUp_CollectsAllTheSame()
    {
        await SeedWithLostFilesAsync(row => row.Budget = 8);

        await _flow.CommandAsync(Batch, new(CommandKind.Retry) { Jobs = ["job-0"] });

        Assert.Equal((1, 8m), await _flow.BatchAsync(Batch) is var batch ? (batch.RetryingCopy, batch.Bound) : default);
    }

    /// <summary>More changes than a transaction takes.</summary>
    [Fact]
    public async Task Retry_FilesOfHundredJobsCouldNotBeStored_CollectsThemAll()
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Range(0, 100).Select(_ => new SeedJob())]);
        for (var left = 100; left > 0; left = (await _flow.BatchAsync(Batch)).Ready)
        {
            await _flow.AdvanceAsync(Batch);
            foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
                await LoseFilesAsync(job.N);
            await _flow.AdvanceAsync(Batch);
        }

        await RunAllAsync();
        await EndAsync(BatchState.Failed);
        await _flow.CommandAsync(Batch, new(CommandKind.Retry));

        Assert.Equal(100, (await _flow.BatchAsync(Batch)).RetryingCopy);
        Assert.Equal(BatchStepKind.Finish, (await _flow.RunToEndAsync(Batch)).Kind);
        Assert.Equal((100, 400m), await _flow.BatchAsync(Batch) is var batch ? (batch.Succeeded, batch.Charged) : default);

        async Task RunAllAsync()
        {
            foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
                await LoseFilesAsync(job.N);
            await _flow.AdvanceAsync(Batch);
        }
    }

    /// <summary>The first job is paid for and its files were lost; the next needs it, one failed upstream, and one succeeded.</summary>
    private async Task SeedWithLostFilesAsync(Action<BatchRow>? configure = null)
    {
        await _flow.SeedAsync(Batch, [new(), new(0), new(), new()], configure);
        await _flow.AdvanceAsync(Batch);
        await LoseFilesAsync();
        foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
        {
            if (job.N > 0)
                await _flow.EndAsync(Batch, job, job.N == 2 ? JobState.Failed : JobState.Succeeded);
        }

        await _flow.RunToEndAsync(Batch, job => job.N == 2 ? JobState.Failed : JobState.Succeeded);
        Assert.Equal((2, 1, 1), await CountsAsync());
        await EndAsync(BatchState.CompletedWithFailures);
    }

    private async Task LoseFilesAsync(int n = 0)
    {
        var attempt = await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, n, 1), default) ?? BatchHarness.NewAttempt(Batch, n, 1);
        (attempt.RequestId, attempt.OutputJson, attempt.Cost) = ($"request-{n}", "{}", 4);
        Assert.True(await _flow.Attempts.EndAsync(attempt, JobState.Failed, "media_unavailable", "Gone.", failedUpstream: false, default));
    }

    private async Task<(int Failed, int Skipped, int Succeeded)> CountsAsync() =>
        await _flow.BatchAsync(Batch) is var batch ? (batch.Failed, batch.Skipped, batch.Succeeded) : default;

    private async Task EndAsync(BatchState state)
    {
        var batch = await _flow.BatchAsync(Batch);
        (batch.State, batch.FinishedAt) = (state, _flow.Time.GetUtcNow());
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Replacing(batch), default);
    }
}
