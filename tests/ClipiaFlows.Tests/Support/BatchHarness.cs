using System.Text.Json;
using Clipia;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Delivery;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Notifications;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Support;

/// <summary>A job for a batch of the harness.</summary>
internal sealed record SeedJob(params int[] Needs)
{
    public decimal Estimate { get; init; } = 4;

    public int Priority { get; init; }

    public int[] After { get; init; } = [];
}

/// <summary>Advance over rows in memory and virtual time; a test plays the jobs' instances by writing what they write.</summary>
internal sealed class BatchHarness : IDisposable
{
    public const int Slots = 6;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly HttpClient _http = new();
    private readonly List<KeyPacing> _pacings = [];

    public BatchHarness(Uri? clipia = null, string apiKey = "key")
    {
        Options = Microsoft.Extensions.Options.Options.Create(new ClipiaClientOptions
        {
            ApiKey = apiKey, BaseUrl = clipia ?? new Uri("http://127.0.0.1:9"), MaxAttempts = 1,
        });
        Tables = new(Jobs, new InMemoryRowStore(), new InMemoryRowStore());
        Attempts = new AttemptStore(Tables, Time);
        Clipia = new ClipiaClient(_http, Options.Value, Time);
        Pacing = NewPacing();
        Commands = new BatchCommands(Tables, Microsoft.Extensions.Options.Options.Create(Limits), Time);
    }

    public VirtualTime Time { get; } = new();

    public RecordingClient Client { get; } = new();

    public LostAnswers Jobs { get; } = new(new InMemoryRowStore());

    public Tables Tables { get; }

    public InMemoryStateBlobs Blobs { get; } = new();

    public AttemptStore Attempts { get; }

    public ClipiaClient Clipia { get; }

    public IOptions<ClipiaClientOptions> Options { get; }

    public KeyPacing Pacing { get; }

    public BatchCommands Commands { get; }

    public LimitOptions Limits { get; } = new();

    /// <summary>Links of an app that does not know its own address.</summary>
    public static OutputLinks Links { get; } = new(
        Microsoft.Extensions.Options.Options.Create(new CallbackOptions()), new ConfigurationBuilder().Build());

    public WaitingReasons Waiting => new(Tables, Pacing, Time);

    public void Dispose()
    {
        _http.Dispose();
        foreach (var pacing in _pacings)
            pacing.Dispose();
    }

    /// <summary>A fresh one, as after a restart of the process.</summary>
    public Advance NewAdvance()
    {
        var pacing = NewPacing();
        var instances = new JobInstances(Attempts, Time, NullLogger<JobInstances>.Instance);
        var commit = NewCommit(Tables, Time);
        return new Advance(
            Tables,
            new ObeyCommands(Tables, commit, Time),
            new SettleEnded(Tables, commit, instances, Time),
            new FollowUps(Tables, commit, Time),
            new RetryEnded(Tables, commit, Blobs, new PriceList(Clipia, pacing, Time), Time),
            new CancelRest(Tables, commit, Time),
            new KeepPolicy(commit, Time),
            new GoOnAfterBlock(Tables, commit, Clipia, pacing, Time),
            new ClaimReady(Tables, commit, pacing, Time),
            commit,
            instances,
            Time);
    }

    /// <summary>Steps that nobody else is told of.</summary>
    public static BatchCommit NewCommit(Tables tables, TimeProvider time) =>
        new(tables, new Outbox(Microsoft.Extensions.Options.Options.Create(new NotificationOptions()), time), time);

    /// <summary>Targets of an app that is told nothing of any.</summary>
    public static EventTargets NewTargets(TimeProvider time)
    {
        var clipia = Microsoft.Extensions.Options.Options.Create(new ClipiaClientOptions { ApiKey = "key", BaseUrl = new("http://127.0.0.1:9") });
        return new(
            Microsoft.Extensions.Options.Options.Create(new NotificationOptions()), clipia, new ConfigurationBuilder().Build(), new WebhookHttp(clipia), time);
    }

    /// <summary>Advances until there is nothing to do at once.</summary>
    public async Task<BatchStep> AdvanceAsync(string batch, Advance? advance = null)
    {
        advance ??= NewAdvance();
        while (true)
        {
            var step = await advance.RunAsync(new() { Batch = batch }, Client, None);
            await CheckAsync(batch);
            if (step.Kind is not BatchStepKind.Advance)
                return step;
        }
    }

    /// <summary>Issues a command and lets Advance decide it.</summary>
    public async Task<CommandReceipt> CommandAsync(string batch, CommandRequest command, string? operation = null)
    {
        var receipt = await Commands.IssueAsync(batch, command, operation, Client, None);
        await AdvanceAsync(batch);
        return receipt;
    }

    public async Task SeedAsync(string batch, IReadOnlyList<SeedJob> jobs, Action<BatchRow>? configure = null)
    {
        var row = new BatchRow
        {
            PartitionKey = batch, RowKey = BatchRow.Key, State = BatchState.Running, MaxConcurrency = 10,
            Total = jobs.Count, Seeded = jobs.Count, CreatedAt = Time.GetUtcNow(), Estimated = jobs.Sum(job => job.Estimate),
        };
        configure?.Invoke(row);
        var lines = await WritePlanAsync(batch, jobs);
        for (var n = 0; n < jobs.Count; n++)
            await SeedAsync(row, jobs, n, lines[n]);
        await Tables.Jobs.CommitAsync(RowChanges.Putting(row), None);
    }

    /// <summary>What must hold at every moment: the counters say what the rows say, and no limit is passed.</summary>
    public async Task CheckAsync(string batch)
    {
        var row = await BatchAsync(batch);
        var jobs = await RowsAsync<JobRow>(batch, "J");
        var active = await RowsAsync<ActiveRow>(batch, "A");
        var tails = await RowsAsync<TailRow>(batch, "B");
        var queue = await RowsAsync<ReadyRow>(batch, "Q");
        foreach (var (state, count) in Counts(row))
            Assert.True(jobs.Count(job => job.State == state) == count, $"{count} {state} are counted, {jobs.Count(job => job.State == state)} stand.");
        Assert.Equal(jobs.Where(job => job.State is JobState.Submitting).Select(job => (job.N, job.Attempt)), active.Select(job => (job.N, job.Attempt)));
        Assert.Equal(
            (active.Count(job => !job.Copying), active.Count(job => job is { Copying: true, IsRetryingCopy: false }), active.Count(job => job.IsRetryingCopy)),
            (row.Generating, row.Copying, row.RetryingCopy));
        Assert.Equal(
            jobs.Where(job => job.State is JobState.Ready).Select(job => (job.N, job.Attempt)).Order(),
            queue.Select(job => (job.N, job.Attempt)).Order());
        Assert.Equal(active.Sum(job => decimal.Parse(job.EstimateCredits)), row.Reserved);
        Assert.Equal(tails.Sum(tail => decimal.Parse(tail.EstimateCredits)), row.Committed);
        Assert.Equal(tails.Count(tail => tail.IsLive), row.LiveTails);
        Assert.Equal(jobs.Sum(job => job.Charged), row.Charged);
        Assert.True(row.Budget is null || row.Bound <= row.Budget, $"{row.Bound} credits are bound and {row.Budget} allowed.");
        Assert.True(row.Generating <= Math.Min(Slots, row.MaxConcurrency), $"{row.Generating} jobs hold a slot.");
    }

    /// <summary>Plays an instance to its end.</summary>
    public async Task EndAsync(string batch, ActiveRow active, JobState state, decimal? cost = null, bool failedUpstream = true) =>
        await EndAsync(batch, active.N, active.Attempt, state, cost ?? decimal.Parse(active.EstimateCredits), failedUpstream);

    public async Task EndAsync(string batch, int n, int attempt, JobState state, decimal cost, bool failedUpstream = true)
    {
        var row = await Attempts.FindAsync(AttemptOf(batch, n, attempt), None) ?? NewAttempt(batch, n, attempt);
        row.RequestId = $"request-{n}-{attempt}";
        row.OutputJson = state is JobState.Succeeded or JobState.Canceled ? "{}" : null;
        row.Cost = cost;
        var code = state is JobState.Succeeded ? null : "some_code";
        Assert.True(await Attempts.EndAsync(row, state, code, null, failedUpstream && state is JobState.Failed, None));
    }

    /// <summary>Plays all instances that are active to their end, until the batch rests or is through.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="outcome">How each ends; well, when absent.</param>
    /// <param name="cost">What each is charged; its estimate, when absent.</param>
    /// <param name="rounds">How often at most.</param>
    public async Task<BatchStep> RunToEndAsync(string batch, Func<ActiveRow, JobState>? outcome = null, decimal? cost = null, int? rounds = null)
    {
        for (var round = 0; round < (rounds ?? 10_000); round++)
        {
            var step = await AdvanceAsync(batch);
            var active = await RowsAsync<ActiveRow>(batch, "A");
            if (step.Kind is not BatchStepKind.Wait || active.Count == 0)
                return step;
            foreach (var job in active)
                await EndAsync(batch, job, outcome?.Invoke(job) ?? JobState.Succeeded, cost);
        }

        return rounds is null ? throw new TimeoutException("The batch does not end.") : await AdvanceAsync(batch);
    }

    public async Task<BatchRow> BatchAsync(string batch) => (await Tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, None))!;

    public async Task<JobRow> JobAsync(string batch, int n) => (await Tables.Jobs.FindAsync<JobRow>(batch, RowKeys.Job(n), None))!;

    public async Task<List<T>> RowsAsync<T>(string batch, string kind) where T : Row, new()
    {
        var rows = new List<T>();
        await foreach (var row in Tables.Jobs.RangeAsync<T>(batch, kind + "|", RowKeys.EndOf(kind), null, None))
            rows.Add(row);
        return rows;
    }

    public static AttemptRow NewAttempt(string batch, int n, int attempt) => new()
    {
        PartitionKey = batch, RowKey = RowKeys.Attempt(n, attempt), N = n, Attempt = attempt,
    };

    public static JobAttempt AttemptOf(string batch, int n, int attempt) => new()
    {
        Batch = batch, N = n, Attempt = attempt, Seed = "", PlanOffset = 0, PlanLength = 0, NotBefore = default,
    };

    private KeyPacing NewPacing()
    {
        var pacing = new KeyPacing(
            Tables, Microsoft.Extensions.Options.Options.Create(new PacingOptions { Concurrency = Slots, RequestsPerMinute = 6000 }), Options, Time);
        _pacings.Add(pacing);
        return pacing;
    }

    private static IEnumerable<(JobState State, int Count)> Counts(BatchRow row) =>
    [
        (JobState.Waiting, row.Waiting), (JobState.Ready, row.Ready), (JobState.Succeeded, row.Succeeded), (JobState.Failed, row.Failed),
        (JobState.Canceled, row.Canceled), (JobState.Skipped, row.Skipped), (JobState.Unresolved, row.Unresolved),
    ];

    private async Task SeedAsync(BatchRow row, IReadOnlyList<SeedJob> jobs, int n, PlanLine line)
    {
        var needed = jobs[n].Needs.Length + jobs[n].After.Length;
        var job = new JobRow
        {
            PartitionKey = row.PartitionKey, RowKey = RowKeys.Job(n), N = n, Id = $"job-{n}", Model = "nano-banana-2",
            Estimate = jobs[n].Estimate, Priority = jobs[n].Priority, NeedsLeft = needed, PlanOffset = line.Offset, PlanLength = line.Length,
            State = needed == 0 ? JobState.Ready : JobState.Waiting,
            Dependents = jobs.Count(some => some.Needs.Contains(n) || some.After.Contains(n)),
        };
        row.Count(job.State, +1);
        var changes = RowChanges.Putting(job);
        if (job.State is JobState.Ready)
            changes.Put(ReadyRow.Of(job));
        foreach (var (from, soft) in jobs[n].Needs.Select(from => (from, false)).Concat(jobs[n].After.Select(from => (from, true))))
            changes.Put(new EdgeRow { PartitionKey = row.PartitionKey, RowKey = RowKeys.Edge(from, n), From = from, To = n, Soft = soft });
        await Tables.Jobs.CommitAsync(changes, None);
    }

    private async Task<IReadOnlyList<PlanLine>> WritePlanAsync(string batch, IReadOnlyList<SeedJob> jobs)
    {
        var planned = jobs.Select((job, n) => new PlannedJob
        {
            N = n, Id = $"job-{n}", Pointer = $"/jobs/{n}", Model = "nano-banana-2", Kind = "image", Needs = job.Needs, After = job.After,
            Priority = job.Priority, Weight = 0, Input = JsonElement.Parse($$"""{"prompt":"number {{n}}"}"""),
            OutputPath = $"job-{n}.{{{{ext}}}}", Variables = new Dictionary<string, string>(), Replica = 1,
        }).ToList();
        using var bytes = new MemoryStream();
        var lines = await PlanWriter.WriteAsync(bytes, new Plan(planned, []), None);
        bytes.Position = 0;
        await Blobs.PutAsync(BlobNames.Plan(batch), bytes, "application/x-ndjson", None);
        return lines;
    }
}
