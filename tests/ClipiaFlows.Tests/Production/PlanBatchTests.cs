using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clipia;
using Clipia.Emulator;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Exploring;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>From a received manifest to rows, with prices of the emulator.</summary>
public sealed class PlanBatchTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly VirtualTime _time = new();
    private readonly RecordingClient _client = new();
    private readonly Tables _tables = new(new InMemoryRowStore(), new InMemoryRowStore(), new InMemoryRowStore());
    private readonly InMemoryStateBlobs _blobs = new();
    private readonly HttpClient _http = new();
    private EmulatorApi _emulator = null!;

    public async Task InitializeAsync() => _emulator = await EmulatorApi.StartAsync(new EmulatorOptions { Time = _time });

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Run_ImagesAndClips_WritesEveryJobOnceWithItsPrice()
    {
        await AcceptAsync(Campaign(pictures: 120));

        await PlanAsync();

        var batch = await BatchAsync();
        Assert.Equal((BatchState.Running, 240, 120, 120), (batch.State, batch.Total, batch.Ready, batch.Waiting));
        Assert.Equal(120 * (4 + 47), batch.Estimated);
        Assert.Equal(240, (await RowsAsync<JobRow>("J")).Count);
        Assert.Equal(120, (await RowsAsync<ReadyRow>("Q")).Count);
        Assert.Equal(120, (await RowsAsync<EdgeRow>("G")).Count);
        Assert.All(await RowsAsync<ReadyRow>("Q"), ready => Assert.True(ready.N < 120, "A clip is ready before its picture."));
    }

    [Fact]
    public async Task Run_JobsThatDifferInTheirPromptOnly_ArePricedByOneCallEach()
    {
        await AcceptAsync(Campaign(pictures: 50));

        await PlanAsync();

        var calls = await _http.GetFromJsonAsync<JsonElement>(new Uri(_emulator.BaseUrl, "/_local/calls?limit=500"));
        Assert.Equal(2, calls.GetProperty("calls").EnumerateArray()
            .Count(call => call.GetProperty("path").GetString()!.EndsWith("/estimate", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_AgainAfterTheBatchRuns_ChangesNothing()
    {
        await AcceptAsync(Campaign(pictures: 10));
        await PlanAsync();
        var before = (await BatchAsync()).ETag;

        var step = await NewPlan().RunAsync(new() { Batch = "spring" }, None);

        Assert.Equal(BatchStepKind.Advance, step.Kind);
        Assert.Equal(before, (await BatchAsync()).ETag);
    }

    [Fact]
    public async Task Run_OverlappingRuns_WriteWhatOneWrites()
    {
        await AcceptAsync(Campaign(pictures: 200));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await NewPlan().RunAsync(new() { Batch = "spring" }, None);
            }
            catch (InvalidOperationException)
            {
                // It lost against another; the engine would run it again.
            }
        }));
        await PlanAsync();

        var batch = await BatchAsync();
        Assert.Equal((BatchState.Running, 400, 200, 200), (batch.State, batch.Seeded, batch.Ready, batch.Waiting));
        Assert.Equal(200 * (4 + 47), batch.Estimated);
    }

    [Fact]
    public async Task Run_KeyRefused_WaitsAndSaysWhy()
    {
        await AcceptAsync(Campaign(pictures: 2));

        var step = await NewPlan("clipia_live_wrong").RunAsync(new() { Batch = "spring" }, None);

        var batch = await BatchAsync();
        Assert.Equal((BatchStepKind.Wait, BatchState.Planning), (step.Kind, batch.State));
        Assert.Contains("401", batch.Reason, StringComparison.Ordinal);
        await PlanAsync();
        Assert.Equal((BatchState.Running, null), ((await BatchAsync()).State, (await BatchAsync()).Reason));
    }

    [Fact]
    public async Task Start_SameManifestAgain_IsTheSameBatchAndAnotherIsAConflict()
    {
        await AcceptAsync(Campaign(pictures: 2));

        var again = await StartAsync(Campaign(pictures: 2));
        var other = await StartAsync(Campaign(pictures: 3));

        Assert.Equal(new StartOutcome.Accepted("spring", BatchState.Planning, 4), again);
        Assert.Equal(new StartOutcome.Conflict("spring"), other);
        Assert.Equal(["b-spring"], _client.Instances.Keys);
    }

    /// <summary>It must not seem to be accepted and then be deleted with the other.</summary>
    [Fact]
    public async Task Start_TheBatchIsBeingDeleted_IsToldAndStartsAnewOnceItIsGone()
    {
        await AcceptAsync(Campaign(pictures: 2));
        var batch = await BatchAsync();
        batch.State = BatchState.Deleting;
        await _tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None);

        Assert.Equal(new StartOutcome.BeingDeleted("spring"), await StartAsync(Campaign(pictures: 2)));

        await new DeleteBatch(_tables, _blobs, new InMemoryOutputStore()).RunAsync(new() { Batch = "spring" }, _client, None);
        Assert.Equal(new StartOutcome.Accepted("spring", BatchState.Planning, 4), await StartAsync(Campaign(pictures: 2)));
    }

    [Fact]
    public async Task Start_TwoManifestsForOneIdAtOnce_OneOfThemHasIt()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(pictures => StartAsync(Campaign(pictures))));

        var winner = Assert.Single(outcomes.OfType<StartOutcome.Accepted>());
        Assert.Equal(7, outcomes.OfType<StartOutcome.Conflict>().Count());
        await PlanAsync();
        Assert.Equal(winner.Jobs, (await BatchAsync()).Seeded);
    }

    [Fact]
    public async Task Run_LongerThanTwoSeconds_ComesBackAndGoesOnWhereItStood()
    {
        await AcceptAsync(Campaign(pictures: 300));
        var runs = 0;
        BatchStep step;
        do
        {
            var before = (await BatchAsync()).Seeded;
            _time.Advance(TimeSpan.FromMinutes(1));
            step = await NewPlan(time: new HurryingTime(_time, TimeSpan.FromSeconds(1.5))).RunAsync(new() { Batch = "spring" }, None);
            Assert.True((await BatchAsync()).Seeded > before);
            Assert.Equal(BatchStepKind.Advance, step.Kind);
            runs++;
        }
        while ((await BatchAsync()).State is BatchState.Planning);

        Assert.InRange(runs, 3, 30);
        Assert.Equal((600, 300, 300), ((await BatchAsync()).Seeded, (await BatchAsync()).Ready, (await BatchAsync()).Waiting));
        Assert.Equal(600, (await RowsAsync<JobRow>("J")).Select(job => job.Id).Distinct().Count());
    }

    [Fact]
    public async Task Run_CanceledWhilePlanning_WritesTheRestAsCanceledWithoutAskingForPrices()
    {
        await AcceptAsync(Campaign(pictures: 100));
        await NewPlan(time: new HurryingTime(_time, TimeSpan.FromSeconds(1.5))).RunAsync(new() { Batch = "spring" }, None);
        var batch = await BatchAsync();
        var seeded = batch.Seeded;
        batch.State = BatchState.Canceling;
        Assert.True(await _tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None));

        await NewPlan("clipia_live_wrong").RunAsync(new() { Batch = "spring" }, None);

        batch = await BatchAsync();
        Assert.Equal((BatchState.Canceling, 200, 200 - seeded), (batch.State, batch.Seeded, batch.Canceled));
        Assert.InRange(seeded, 1, 199);
        Assert.All((await RowsAsync<JobRow>("J")).Where(job => job.N >= seeded), job =>
            Assert.Equal((JobState.Canceled, "batch_canceled"), (job.State, job.Code)));
        Assert.All(await RowsAsync<ReadyRow>("Q"), ready => Assert.True(ready.N < seeded));
    }

    [Fact]
    public async Task Run_PauseAskedForMeanwhile_EndsPaused()
    {
        await AcceptAsync(Campaign(pictures: 2));
        var batch = await BatchAsync();
        batch.PausePlanned = true;
        Assert.True(await _tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None));

        await PlanAsync();

        Assert.Equal((BatchState.Paused, "Paused by request."), ((await BatchAsync()).State, (await BatchAsync()).Reason));
    }

    [Fact]
    public async Task Run_EqualJobs_WaitBehindASoftEdge()
    {
        await AcceptAsync("""
            {"id":"spring","policy":{"reuse":"batch"},"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},
             "jobs":[{"id":"a"},{"id":"b","needs":["c"]},{"id":"c","input":{"seed":1}}]}
            """);

        await PlanAsync();

        Assert.Equal(
            [(0, 1, true), (2, 1, false)],
            (await RowsAsync<EdgeRow>("G")).Select(edge => (edge.From, edge.To, edge.Soft)));
        Assert.Equal(
            [(JobState.Ready, 0, 1), (JobState.Waiting, 2, 0), (JobState.Ready, 0, 1)],
            (await RowsAsync<JobRow>("J")).Select(job => (job.State, job.NeedsLeft, job.Dependents)));
    }

    /// <summary>What the other wrote stands in the batch's row, and this one must not write it once more under that row's version.</summary>
    [Fact]
    public async Task Run_ARunBesideItselfWroteTheNextPiece_CountsEachJobOnce()
    {
        await AcceptAsync(Campaign(pictures: 200));
        var jobs = new LostAnswers(_tables.Jobs);
        jobs.After = async _ =>
        {
            jobs.After = _ => Task.CompletedTask;
            await NewPlan(time: new HurryingTime(_time, TimeSpan.FromSeconds(1.5))).RunAsync(new() { Batch = "spring" }, None);
        };

        await NewPlan(tables: _tables with { Jobs = jobs }).RunAsync(new() { Batch = "spring" }, None);
        await PlanAsync();

        var batch = await BatchAsync();
        Assert.Equal((BatchState.Running, 400, 200, 200), (batch.State, batch.Seeded, batch.Ready, batch.Waiting));
        Assert.Equal((400, 200 * (4 + 47)), ((await RowsAsync<JobRow>("J")).Count, batch.Estimated));
    }

    /// <summary>A plan that lies there would be taken for that of the next manifest with this id.</summary>
    [Fact]
    public async Task Start_StoodStillUntilItsBatchWasDeleted_LeavesNoPlanForAnother()
    {
        var blobs = new GatedBlobs(_blobs);
        var flight = new Flight("start", stopBefore: 0);
        StartOutcome? late = null;
        await flight.StartAsync(async () => late = await StartAsync(Campaign(pictures: 2), blobs));
        await AcceptAsync(Campaign(pictures: 2));
        var batch = await BatchAsync();
        batch.State = BatchState.Deleting;
        await _tables.Jobs.CommitAsync(RowChanges.Replacing(batch), None);
        await new DeleteBatch(_tables, _blobs, new InMemoryOutputStore()).RunAsync(new() { Batch = "spring" }, _client, None);

        await flight.GoOnAsync();

        Assert.Equal(new StartOutcome.BeingDeleted("spring"), late);
        Assert.Empty(_blobs.Blobs.Keys);
        await AcceptAsync(Campaign(pictures: 3));
        await PlanAsync();
        Assert.Equal((BatchState.Running, 6), ((await BatchAsync()).State, (await RowsAsync<JobRow>("J")).Count));
    }

    private static string Campaign(int pictures) => $$$"""
        {
          "id": "spring",
          "matrix": { "number": [{{{string.Join(',', Enumerable.Range(1, pictures))}}}] },
          "jobs": [
            { "id": "still-{{number}}", "model": "nano-banana-2", "input": { "prompt": "Picture {{number}}" } },
            { "id": "clip-{{number}}", "model": "seedance-2-fast-i2v",
              "input": { "prompt": "Clip {{number}}", "image_url": "${{ jobs.still-{{number}}.output.images[0].url }}" } }
          ]
        }
        """;

    private async Task AcceptAsync(string manifest) => Assert.IsType<StartOutcome.Accepted>(await StartAsync(manifest));

    private async Task<StartOutcome> StartAsync(string manifest, IStateBlobs? blobs = null)
    {
        var pricing = new PlanPricing(new PriceList(Clipia(), Pacing(), _time), _time);
        var starter = new BatchStarter(
            _tables, blobs ?? _blobs, new Catalogue(Clipia(), Options.Create(new ClipiaClientOptions()), _time), pricing, BatchHarness.NewTargets(_time), Options.Create(new PacingOptions()),
            Options.Create(new LimitOptions()), _time);
        return await starter.StartAsync(ReceivedManifest.OfBytes(Encoding.UTF8.GetBytes(manifest)), null, null, isStrict: false, _client, None);
    }

    private async Task PlanAsync()
    {
        while (await NewPlan().RunAsync(new() { Batch = "spring" }, None) is var step && (await BatchAsync()).State is BatchState.Planning)
        {
            if (step.WakeAt is { } wakeAt)
                _time.AdvanceTo(new DateTimeOffset(wakeAt, TimeSpan.Zero));
        }
    }

    private PlanBatch NewPlan(string? apiKey = null, TimeProvider? time = null, Tables? tables = null) =>
        new(tables ?? _tables, BatchHarness.NewCommit(tables ?? _tables, _time), _blobs, new PriceList(Clipia(apiKey), Pacing(apiKey), _time), time ?? _time);

    private KeyPacing Pacing(string? apiKey = null) => new(
        _tables, Options.Create(new PacingOptions()), Options.Create(new ClipiaClientOptions { ApiKey = apiKey ?? _emulator.LiveKey! }), _time);

    private ClipiaClient Clipia(string? apiKey = null) => new(
        _http, new ClipiaClientOptions { BaseUrl = _emulator.BaseUrl, ApiKey = apiKey ?? _emulator.LiveKey!, MaxAttempts = 1 }, _time);

    private async Task<BatchRow> BatchAsync() => (await _tables.Jobs.FindAsync<BatchRow>("spring", BatchRow.Key, None))!;

    private async Task<List<T>> RowsAsync<T>(string kind) where T : Row, new()
    {
        var rows = new List<T>();
        await foreach (var row in _tables.Jobs.RangeAsync<T>("spring", kind + "|", RowKeys.EndOf(kind), null, None))
            rows.Add(row);
        return rows;
    }

    /// <summary>A clock on which every look at the stopwatch takes some time.</summary>
    private sealed class HurryingTime(TimeProvider inner, TimeSpan perLook) : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long GetTimestamp() => perLook.Ticks * _looks++;
    }
}
