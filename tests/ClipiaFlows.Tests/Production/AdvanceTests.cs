using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Production;

/// <summary>Advance over whole batches, with random plans, outcomes, doubled markers and overlapping runs.</summary>
public sealed class AdvanceTests : IDisposable
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _flow = new();

    public void Dispose() => _flow.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Run_RandomPlanAndOutcomes_EndsEveryJobOnceAndCountsRight(int seed)
    {
        var random = new Random(seed);
        var jobs = RandomJobs(random);
        await _flow.SeedAsync(Batch, jobs, batch => batch.Retries = random.Next(3));
        var ended = new HashSet<(int, int)>();
        var advance = _flow.NewAdvance();

        BatchStep step;
        do
        {
            if (random.Next(10) == 0)
                advance = _flow.NewAdvance();
            step = await advance.RunAsync(new() { Batch = Batch }, _flow.Client, None);
            await _flow.CheckAsync(Batch);
            _flow.Time.Advance(TimeSpan.FromSeconds(random.Next(4)));
            foreach (var active in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
            {
                if (random.Next(3) > 0)
                    await FinishAsync(random, active, ended);
            }
        }
        while (step.Kind is not BatchStepKind.Finish);

        var rows = await _flow.RowsAsync<JobRow>(Batch, "J");
        Assert.All(rows, job => Assert.True(job.State is JobState.Succeeded or JobState.Failed or JobState.Skipped, $"{job.Id}: {job.State}"));
        Assert.All(rows, job => Assert.Equal(
            jobs[job.N].Needs.Any(needed => rows[needed].State is not JobState.Succeeded), job.State is JobState.Skipped));
        Assert.Equal(0, (await _flow.BatchAsync(Batch)).Reserved);
        Assert.Empty(await _flow.RowsAsync<ActiveRow>(Batch, "A"));
        Assert.Empty(await _flow.RowsAsync<FollowUpRow>(Batch, "F"));
    }

    [Fact]
    public async Task Run_OneFailureWithThousandsOfDependents_SkipsThemAll()
    {
        await _flow.SeedAsync(Batch, [new(), .. Enumerable.Range(1, 2000).Select(n => new SeedJob(n % 2 == 0 ? 0 : n - 1))]);
        await _flow.AdvanceAsync(Batch);
        await _flow.EndAsync(Batch, await ClaimAsync(0), JobState.Failed);

        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((1, 2000), (batch.Failed, batch.Skipped));
    }

    [Fact]
    public async Task Run_JobThatComesAfterAnother_StartsWhateverBecameOfIt()
    {
        await _flow.SeedAsync(Batch, [new(), new() { After = [0] }]);
        await _flow.AdvanceAsync(Batch);
        Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A"));

        await _flow.EndAsync(Batch, await ClaimAsync(0), JobState.Failed);
        await _flow.AdvanceAsync(Batch);

        Assert.Equal(1, (await ClaimAsync(1)).N);
    }

    [Fact]
    public async Task Run_MarkerWrittenAgainAfterItWasCounted_ChangesNothing()
    {
        await _flow.SeedAsync(Batch, [new(), new()]);
        await _flow.AdvanceAsync(Batch);
        await _flow.EndAsync(Batch, await ClaimAsync(0), JobState.Succeeded);
        await _flow.AdvanceAsync(Batch);

        await _flow.Attempts.RepeatMarkerAsync(BatchHarness.AttemptOf(Batch, 0, 1), None);
        await _flow.AdvanceAsync(Batch);

        Assert.Equal(1, (await _flow.BatchAsync(Batch)).Succeeded);
        Assert.Empty(await _flow.RowsAsync<MarkerRow>(Batch, "D"));
    }

    [Fact]
    public async Task Run_OverlappingRuns_ClaimNoJobTwiceAndPassNoLimit()
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Range(0, 60).Select(_ => new SeedJob())]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _flow.NewAdvance().RunAsync(new() { Batch = Batch }, _flow.Client, None)));

        await _flow.CheckAsync(Batch);
        Assert.InRange((await _flow.RowsAsync<ActiveRow>(Batch, "A")).Count, 1, BatchHarness.Slots);
    }

    [Fact]
    public async Task Run_ClaimedButNotStarted_StartsTheInstance()
    {
        await _flow.SeedAsync(Batch, [new()]);
        await _flow.AdvanceAsync(Batch);
        _flow.Client.Instances.Clear();

        await _flow.AdvanceAsync(Batch);

        Assert.Equal(["j-spring-0-1"], _flow.Client.Instances.Keys);
    }

    [Fact]
    public async Task Run_BlockedByTheKey_PausesWithTheReasonAndClaimsNothing()
    {
        await _flow.SeedAsync(Batch, [.. Enumerable.Range(0, 20).Select(_ => new SeedJob())]);
        await _flow.AdvanceAsync(Batch);
        var attempt = BatchHarness.NewAttempt(Batch, 0, 1);
        var marker = MarkerRow.For(attempt, MarkerKind.Blocked);
        (marker.Code, marker.Message) = ("subscription_required", "No active plan.");
        await _flow.Attempts.SaveAsync(attempt, marker, None);
        await _flow.EndAsync(Batch, await ClaimAsync(1), JobState.Succeeded);

        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchState.Paused, "subscription_required", "No active plan."), (batch.State, batch.ReasonCode, batch.Reason));
        Assert.Equal(5, (await _flow.RowsAsync<ActiveRow>(Batch, "A")).Count);
    }

    [Fact]
    public async Task Advance_StorageRejectsAStep_PausesTheBatchWithTheReason()
    {
        await _flow.SeedAsync(Batch, [new SeedJob()]);
        var rejects = true;
        _flow.Jobs.Before = changes => rejects && changes.Count > 1 ? throw new StorageRejectedException("Table Jobs cannot take a row.") : Task.CompletedTask;

        await _flow.NewAdvance().RunAsync(new() { Batch = Batch }, _flow.Client, None);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal(
            (BatchState.Paused, "storage_rejected", "Table Jobs cannot take a row. Resume to try again."), (batch.State, batch.ReasonCode, batch.Reason));
        Assert.Empty(await _flow.RowsAsync<ActiveRow>(Batch, "A"));
    }

    internal static List<SeedJob> RandomJobs(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 150)).Select(n =>
            new SeedJob([.. Enumerable.Range(0, n).Where(_ => random.Next(n + 1) < 2).Take(4)])),
    ];

    private async Task FinishAsync(Random random, ActiveRow active, HashSet<(int, int)> ended)
    {
        if (!active.Copying && random.Next(3) == 0)
        {
            var attempt = BatchHarness.NewAttempt(Batch, active.N, active.Attempt);
            await _flow.Attempts.SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.Copying), None);
            return;
        }

        if (ended.Add((active.N, active.Attempt)))
            await _flow.EndAsync(Batch, active, random.Next(5) == 0 ? JobState.Failed : JobState.Succeeded);
        else
            await _flow.Attempts.RepeatMarkerAsync(BatchHarness.AttemptOf(Batch, active.N, active.Attempt), None);
    }

    private async Task<ActiveRow> ClaimAsync(int n) => (await _flow.Tables.Jobs.FindAsync<ActiveRow>(Batch, RowKeys.Active(n), None))!;
}
