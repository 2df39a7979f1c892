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
        Assert.Equal(120, (await RowsAsync<EdgeRow>("E")).Count);
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

    [Fact]
    public async Task Start_TwoManifestsForOneIdAtOnce_OneOfThemHasIt()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(pictures => StartAsync(Campaign(pictures))));

        var winner = Assert.Single(outcomes.OfType<StartOutcome.Accepted>());
        Assert.Equal(7, outcomes.OfType<StartOutcome.Conflict>().Count());
        await PlanAsync();
        Assert.Equal(winner.Jobs, (await BatchAsync()).Seeded);
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

    private async Task<StartOutcome> StartAsync(string manifest)
    {
        var starter = new BatchStarter(
            _tables, _blobs, new Catalogue(Clipia(), _time), Options.Create(new PacingOptions()), _time);
        return await starter.StartAsync(Encoding.UTF8.GetBytes(manifest), null, _client, None);
    }

    private async Task PlanAsync()
    {
        while (await NewPlan().RunAsync(new() { Batch = "spring" }, None) is { Kind: BatchStepKind.Wait } step)
            _time.AdvanceTo(new DateTimeOffset(step.WakeAt!.Value, TimeSpan.Zero));
    }

    private PlanBatch NewPlan(string? apiKey = null)
    {
        var key = Options.Create(new ClipiaClientOptions { ApiKey = apiKey ?? _emulator.LiveKey! });
        var pacing = new KeyPacing(_tables, Options.Create(new PacingOptions()), key, _time);
        return new PlanBatch(_tables, _blobs, new PriceList(Clipia(apiKey), pacing, _time), _time);
    }

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
}
