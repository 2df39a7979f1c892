using System.Collections.Concurrent;
using System.Text.Json;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>A batch to explore: jobs, each needing the one before it.</summary>
internal sealed record Scenario(string Name, int Jobs, int Retries)
{
    private static readonly ConcurrentDictionary<Scenario, Lazy<Task<(byte[] Bytes, IReadOnlyList<PlanLine> Lines)>>> Plans = new();

    public const string Batch = "spring";

    public const string Seed = "seed";

    public static readonly Scenario OneJob = new("one job", 1, Retries: 1);

    public static readonly Scenario TwoJobs = new("two dependent jobs", 2, Retries: 0);

    public static readonly Scenario PausedJob = new("one paused job", 1, Retries: 0) { StartsPaused = true };

    /// <summary>Whether somebody has paused it before anything was claimed.</summary>
    public bool StartsPaused { get; init; }

    public static Scenario Named(string name) => new[] { OneJob, TwoJobs, PausedJob }.Single(one => one.Name == name);

    /// <summary>Writes what planning leaves: plan, rows and the entry for the watchdog.</summary>
    public async Task SeedAsync(Tables tables, InMemoryStateBlobs blobs, DateTimeOffset now)
    {
        var (plan, lines) = await Plans.GetOrAdd(this, scenario => new(scenario.WritePlanAsync)).Value;
        blobs.Blobs[BlobNames.Plan(Batch)] = plan;
        blobs.Blobs[BlobNames.Manifest(Batch)] = "{}"u8.ToArray();
        var batch = new BatchRow
        {
            PartitionKey = Batch, RowKey = BatchRow.Key, Name = Batch, State = BatchState.Running, MaxConcurrency = 10, Retries = Retries,
            Seed = Seed, Total = Jobs, Seeded = Jobs, CreatedAt = now, Estimated = Jobs * Generation.Cost,
        };
        if (StartsPaused)
            batch.PauseFor(PauseReasons.ByRequest, "Paused by request.");
        var changes = new RowChanges();
        foreach (var line in lines)
            SeedJob(batch, line, changes, now);
        changes.Add(batch);
        await tables.Jobs.CommitAsync(changes, default);
        await tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForListing(batch)), default);
        await tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(Batch, now)), default);
    }

    private void SeedJob(BatchRow batch, PlanLine line, RowChanges changes, DateTimeOffset now)
    {
        var job = new JobRow
        {
            PartitionKey = Batch, RowKey = RowKeys.Job(line.N), N = line.N, Id = IdOf(line.N), Model = "nano-banana-2",
            Estimate = Generation.Cost, NeedsLeft = line.N == 0 ? 0 : 1, PlanOffset = line.Offset, PlanLength = line.Length,
            State = line.N == 0 ? JobState.Ready : JobState.Waiting, Dependents = line.N + 1 < Jobs ? 1 : 0, ReadyAt = now,
        };
        batch.Count(job.State, +1);
        changes.Add(job);
        if (job.State is JobState.Ready)
            changes.Add(ReadyRow.Of(job));
        if (line.N > 0)
            changes.Add(new EdgeRow { PartitionKey = Batch, RowKey = RowKeys.Edge(line.N - 1, line.N), From = line.N - 1, To = line.N });
    }

    // Written once: the writer's buffer is a large object, and worlds are made by the hundred thousand.
    private async Task<(byte[] Bytes, IReadOnlyList<PlanLine> Lines)> WritePlanAsync()
    {
        var planned = Enumerable.Range(0, Jobs).Select(n => new PlannedJob
        {
            N = n, Id = IdOf(n), Pointer = $"/jobs/{n}", Model = "nano-banana-2", Kind = "image", Needs = n == 0 ? [] : [n - 1],
            Priority = 0, Weight = Jobs - n, Dependents = n + 1 < Jobs ? 1 : 0, Input = InputOf(n), OutputPath = $"{IdOf(n)}.{{{{ext}}}}",
            Variables = new Dictionary<string, string>(), Replica = 1,
        }).ToList();
        using var bytes = new MemoryStream();
        var lines = await PlanWriter.WriteAsync(bytes, new Plan(planned, []));
        return (bytes.ToArray(), lines);
    }

    private static JsonElement InputOf(int n) => n == 0
        ? JsonElement.Parse("""{"prompt":"a lighthouse"}""")
        : JsonElement.Parse($$$"""{"prompt":"nearer","image_url":"${{ jobs.{{{IdOf(n - 1)}}}.output.images[0].url }}"}""");

    private static string IdOf(int n) => $"job-{n}";
}
