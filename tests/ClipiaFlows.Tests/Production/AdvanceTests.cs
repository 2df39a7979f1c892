using Clipia;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>Advance over whole batches, with random plans, outcomes, doubled markers and overlapping runs.</summary>
public sealed class AdvanceTests : IDisposable
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly VirtualTime _time = new();
    private readonly RecordingClient _client = new();
    private readonly HttpClient _http = new();
    private readonly Tables _tables = new(new InMemoryRowStore(), new InMemoryRowStore(), new InMemoryRowStore());
    private readonly AttemptStore _attempts;
    private readonly KeyPacing _pacing;

    public AdvanceTests()
    {
        _attempts = new AttemptStore(_tables, _time);
        _pacing = new KeyPacing(
            _tables, Options.Create(new PacingOptions { Concurrency = 6 }), Options.Create(new ClipiaClientOptions { ApiKey = "key" }), _time);
    }

    public void Dispose()
    {
        _http.Dispose();
        _pacing.Dispose();
    }

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
        var plan = await SeedAsync(random, jobs: random.Next(1, 150), retries: random.Next(3));
        var ended = new HashSet<(int, int)>();
        var advance = NewAdvance();

        BatchStep step;
        do
        {
            if (random.Next(10) == 0)
                advance = NewAdvance();
            step = await advance.RunAsync(new() { Batch = Batch }, _client, None);
            await CheckAsync();
            _time.Advance(TimeSpan.FromSeconds(random.Next(4)));
            foreach (var active in await RowsAsync<ActiveRow>("A"))
            {
                if (random.Next(3) > 0)
                    await FinishAsync(random, active, ended);
            }
        }
        while (step.Kind is not BatchStepKind.Finish);

        var jobs = await RowsAsync<JobRow>("J");
        Assert.All(jobs, job => Assert.True(job.State is JobState.Succeeded or JobState.Failed or JobState.Skipped, $"{job.Id}: {job.State}"));
        Assert.All(jobs, job => Assert.Equal(
            plan[job.N].Any(needed => jobs[needed].State is not JobState.Succeeded), job.State is JobState.Skipped));
        var batch = await BatchAsync();
        Assert.Equal(0, batch.Reserved);
        Assert.Equal(jobs.Sum(job => job.Charged), batch.Charged);
        Assert.Empty(await RowsAsync<ActiveRow>("A"));
        Assert.Empty(await RowsAsync<FollowUpRow>("F"));
    }

    [Fact]
    public async Task Run_OneFailureWithThousandsOfDependents_SkipsThemAll()
    {
        await SeedAsync([[], .. Enumerable.Range(1, 2000).Select(n => new[] { n % 2 == 0 ? 0 : n - 1 })], retries: 0);
        var advance = NewAdvance();
        await advance.RunAsync(new() { Batch = Batch }, _client, None);
        await EndAsync(await ClaimAsync(0), JobState.Failed);

        while (await advance.RunAsync(new() { Batch = Batch }, _client, None) is { Kind: BatchStepKind.Advance })
            await CheckAsync();

        var batch = await BatchAsync();
        Assert.Equal((1, 2000), (batch.Failed, batch.Skipped));
    }

    [Fact]
    public async Task Run_MarkerWrittenAgainAfterItWasCounted_ChangesNothing()
    {
        await SeedAsync([[], []], retries: 0);
        var advance = NewAdvance();
        await advance.RunAsync(new() { Batch = Batch }, _client, None);
        var claim = await ClaimAsync(0);
        await EndAsync(claim, JobState.Succeeded);
        await advance.RunAsync(new() { Batch = Batch }, _client, None);

        await _attempts.RepeatMarkerAsync(AttemptOf(claim), None);
        await advance.RunAsync(new() { Batch = Batch }, _client, None);

        Assert.Equal(1, (await BatchAsync()).Succeeded);
        Assert.Empty(await RowsAsync<MarkerRow>("D"));
    }

    [Fact]
    public async Task Run_OverlappingRuns_ClaimNoJobTwiceAndPassNoLimit()
    {
        await SeedAsync([.. Enumerable.Range(0, 60).Select(_ => Array.Empty<int>())], retries: 0);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => NewAdvance().RunAsync(new() { Batch = Batch }, _client, None)));

        await CheckAsync();
        Assert.InRange((await RowsAsync<ActiveRow>("A")).Count, 1, 6);
    }

    [Fact]
    public async Task Run_ClaimedButNotStarted_StartsTheInstance()
    {
        await SeedAsync([[]], retries: 0);
        await NewAdvance().RunAsync(new() { Batch = Batch }, _client, None);
        _client.Instances.Clear();

        await NewAdvance().RunAsync(new() { Batch = Batch }, _client, None);

        Assert.Equal(["j-spring-0-1"], _client.Instances.Keys);
    }

    [Fact]
    public async Task Run_BlockedByTheKey_PausesWithTheReasonAndClaimsNothing()
    {
        await SeedAsync([.. Enumerable.Range(0, 20).Select(_ => Array.Empty<int>())], retries: 0);
        var advance = NewAdvance();
        await advance.RunAsync(new() { Batch = Batch }, _client, None);
        var attempt = Attempt(await ClaimAsync(0));
        var marker = MarkerRow.For(attempt, MarkerKind.Blocked);
        (marker.Code, marker.Message) = ("subscription_required", "No active plan.");
        await _attempts.SaveAsync(attempt, marker, None);
        await EndAsync(await ClaimAsync(1), JobState.Succeeded);

        await advance.RunAsync(new() { Batch = Batch }, _client, None);

        var batch = await BatchAsync();
        Assert.Equal((BatchState.Paused, "subscription_required", "No active plan."), (batch.State, batch.ReasonCode, batch.Reason));
        Assert.Equal(5, (await RowsAsync<ActiveRow>("A")).Count);
    }

    private Advance NewAdvance()
    {
        var instances = new JobInstances(_attempts, _time, NullLogger<JobInstances>.Instance);
        var clipia = new ClipiaClient(_http, new ClipiaClientOptions { ApiKey = "key", BaseUrl = new Uri("http://127.0.0.1:9") }, _time);
        return new Advance(
            _tables, new SettleEnded(_tables, instances, _time), new FollowUps(_tables, _time),
            new GoOnAfterBlock(_tables, clipia, _pacing, _time), new ClaimReady(_tables, _pacing, _time), instances);
    }

    /// <summary>What must hold at every moment: the counters say what the rows say, and no limit is passed.</summary>
    private async Task CheckAsync()
    {
        var batch = await BatchAsync();
        var jobs = await RowsAsync<JobRow>("J");
        var active = await RowsAsync<ActiveRow>("A");
        int Count(JobState state) => jobs.Count(job => job.State == state);

        Assert.Equal(
            (Count(JobState.Waiting), Count(JobState.Ready), Count(JobState.Succeeded), Count(JobState.Failed), Count(JobState.Skipped)),
            (batch.Waiting, batch.Ready, batch.Succeeded, batch.Failed, batch.Skipped));
        Assert.Equal(Count(JobState.Submitting), active.Count);
        Assert.Equal((active.Count(job => !job.Copying), active.Count(job => job.Copying)), (batch.Generating, batch.Copying));
        Assert.Equal(Count(JobState.Ready), (await RowsAsync<ReadyRow>("Q")).Count);
        Assert.True(batch.Generating <= 6, $"{batch.Generating} jobs hold a slot.");
        Assert.Equal(active.Count * 4m, batch.Reserved);
    }

    private async Task FinishAsync(Random random, ActiveRow active, HashSet<(int, int)> ended)
    {
        if (!active.Copying && random.Next(3) == 0)
        {
            await _attempts.SaveAsync(Attempt(active), MarkerRow.For(Attempt(active), MarkerKind.Copying), None);
            return;
        }

        if (ended.Add((active.N, active.Attempt)))
            await EndAsync(active, random.Next(5) == 0 ? JobState.Failed : JobState.Succeeded);
        else
            await _attempts.RepeatMarkerAsync(AttemptOf(active), None);
    }

    private async Task EndAsync(ActiveRow active, JobState state)
    {
        var attempt = await _attempts.FindAsync(AttemptOf(active), None) ?? Attempt(active);
        attempt.OutputJson = state is JobState.Succeeded ? "{}" : null;
        attempt.Cost = 4;
        Assert.True(await _attempts.EndAsync(attempt, state, null, null, failedUpstream: true, None));
    }

    private Task<Dictionary<int, int[]>> SeedAsync(Random random, int jobs, int retries) => SeedAsync(
        [.. Enumerable.Range(0, jobs).Select(n => Enumerable.Range(0, n).Where(_ => random.Next(n + 1) < 2).Take(4).ToArray())], retries);

    private async Task<Dictionary<int, int[]>> SeedAsync(IReadOnlyList<int[]> needs, int retries)
    {
        var batch = new BatchRow
        {
            PartitionKey = Batch, RowKey = BatchRow.Key, State = BatchState.Running, MaxConcurrency = 10, Retries = retries,
            Total = needs.Count, Seeded = needs.Count,
        };
        for (var n = 0; n < needs.Count; n++)
        {
            var job = new JobRow
            {
                PartitionKey = Batch, RowKey = RowKeys.Job(n), N = n, Id = $"job-{n}", Estimate = 4, NeedsLeft = needs[n].Length,
                State = needs[n].Length == 0 ? JobState.Ready : JobState.Waiting, Dependents = needs.Count(some => some.Contains(n)),
            };
            batch.Count(job.State, +1);
            var changes = RowChanges.Putting(job);
            if (job.State is JobState.Ready)
                changes.Put(ReadyRow.Of(job));
            foreach (var from in needs[n])
                changes.Put(new EdgeRow { PartitionKey = Batch, RowKey = RowKeys.Edge(from, n), From = from, To = n });
            await _tables.Jobs.CommitAsync(changes, None);
        }

        await _tables.Jobs.CommitAsync(RowChanges.Putting(batch), None);
        return needs.Select((some, n) => (some, n)).ToDictionary(entry => entry.n, entry => entry.some);
    }

    private async Task<BatchRow> BatchAsync() => (await _tables.Jobs.FindAsync<BatchRow>(Batch, BatchRow.Key, None))!;

    private async Task<ActiveRow> ClaimAsync(int n) => (await _tables.Jobs.FindAsync<ActiveRow>(Batch, RowKeys.Active(n), None))!;

    private async Task<List<T>> RowsAsync<T>(string kind) where T : Row, new()
    {
        var rows = new List<T>();
        await foreach (var row in _tables.Jobs.RangeAsync<T>(Batch, kind + "|", RowKeys.EndOf(kind), null, None))
            rows.Add(row);
        return rows;
    }

    private static AttemptRow Attempt(ActiveRow active) => new()
    {
        PartitionKey = Batch, RowKey = RowKeys.Attempt(active.N, active.Attempt), N = active.N, Attempt = active.Attempt,
    };

    private static JobAttempt AttemptOf(ActiveRow active) => new()
    {
        Batch = Batch, N = active.N, Attempt = active.Attempt, Seed = "", PlanOffset = 0, PlanLength = 0, NotBefore = default,
    };
}
