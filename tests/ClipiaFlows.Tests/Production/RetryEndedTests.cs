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

        Assert.Equal(new RetryPrice(2, 8, 0), await quote.FindAsync(Batch, null, default));
        Assert.Equal(before, (await _flow.BatchAsync(Batch)).ETag);
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
