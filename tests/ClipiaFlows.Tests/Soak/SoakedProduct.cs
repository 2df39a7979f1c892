using System.Text.Json;
using Clipia.Emulator;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Media;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Retention;
using ClipiaFlows.Starting;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.Tests.Soak;

/// <summary>
/// The product on the real engine and its file, in virtual time that the emulated API shares; rows, blobs and outputs are in
/// memory.
/// </summary>
internal sealed class SoakedProduct : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly EngineHarness _engine = new();
    private EmulatorApi? _clipia;
    private ServiceProvider? _services;

    public VirtualTime Time => _engine.Time;

    public InMemoryRowStore Jobs { get; } = new();

    public InMemoryRowStore Batches { get; } = new();

    public InMemoryRowStore Keys { get; } = new();

    public InMemoryStateBlobs Blobs { get; } = new();

    public InMemoryOutputStore Outputs { get; } = new();

    public long Instances => (long)_engine.Sql("SELECT count(*) FROM instances")!;

    public long HistoryRows => (long)_engine.Sql("SELECT count(*) FROM history")!;

    /// <summary>The file and what is still to be merged into it.</summary>
    public long FileBytes => new[] { "", "-wal" }.Sum(end => new FileInfo(_engine.DatabasePath + end) is { Exists: true } file ? file.Length : 0);

    public async Task StartAsync()
    {
        _clipia = await EmulatorApi.StartAsync(new() { Time = Time, ImageSeconds = 20, VideoSeconds = 60, Credits = 1_000_000_000 });
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Clipia:BaseUrl"] = _clipia.BaseUrl.AbsoluteUri, ["Clipia:ApiKey"] = _clipia.LiveKey, ["Retention:Days"] = "1", ["Retention:WithOutputs"] = "true",
        }).Build();
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IConfiguration>(settings)
            .AddClipiaFlows(settings)
            .AddSingleton(new Tables(Jobs, Batches, Keys))
            .AddSingleton<IStateBlobs>(Blobs)
            .AddSingleton<IOutputStore>(Outputs)
            .BuildServiceProvider();
        Register();
        await _engine.StartAsync();
    }

    /// <summary>Starts a batch and follows it to its end.</summary>
    public async Task RunAsync(string batch, byte[] manifest)
    {
        var outcome = await Get<BatchStarter>().StartAsync(ReceivedManifest.OfBytes(manifest), batch, null, isStrict: false, _engine.Client, None);
        var id = Assert.IsType<StartOutcome.Accepted>(outcome).Batch;
        await UntilAsync(async () => await FindAsync(id) is { State: BatchState.Completed });
    }

    /// <summary>What the timers do for retention, until nothing of any batch is left.</summary>
    public async Task RetireAsync()
    {
        await UntilAsync(async () =>
        {
            await Get<RetireBatches>().RunAsync(_engine.Client, None);
            await WatchAsync();
            return Jobs.Count == 0 && Instances == 0;
        });
    }

    /// <summary>What the watchdog's timer does every minute.</summary>
    public Task WatchAsync() => Get<BatchInstances>().WakeAllAsync(_engine.Client, None);

    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow + EngineHarness.Patience;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not come to its end in time.");
            // Whoever works in real time gets some before the clock moves on.
            await Task.Delay(5);
            if (Time.NextDue is { } due)
                Time.AdvanceTo(due);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        if (_services is not null)
            await _services.DisposeAsync();
        if (_clipia is not null)
            await _clipia.DisposeAsync();
    }

    private void Register()
    {
        _engine
            .Orchestrator(RunBatch.Name, async context => { await RunBatch.RunAsync(context); return null; })
            .Orchestrator(RunJob.Name, async context => { await RunJob.RunAsync(context); return null; });
        Add<BatchRef, BatchStep>(Advance.Name, (input, cancellation) => Get<Advance>().RunAsync(input, _engine.Client, cancellation));
        Add<BatchRef, BatchStep>(PlanBatch.Name, (input, cancellation) => Get<PlanBatch>().RunAsync(input, cancellation));
        Add<BatchRef, BatchStep>(FinishBatch.Name, (input, cancellation) => Get<FinishBatch>().RunAsync(input, _engine.Client, cancellation));
        Add<BatchRef, BatchStep>(DeleteBatch.Name, (input, cancellation) => Get<DeleteBatch>().RunAsync(input, _engine.Client, cancellation));
        Add<JobAttempt, JobStep>(SubmitGeneration.Name, (input, cancellation) => Get<SubmitGeneration>().RunAsync(input, cancellation));
        Add<JobAttempt, JobStep>(PollGeneration.Name, (input, cancellation) => Get<PollGeneration>().RunAsync(input, cancellation));
        Add<JobAttempt, JobStep>(CopyOutputs.Name, (input, cancellation) => Get<CopyOutputs>().RunAsync(input, _engine.Client, cancellation));
    }

    private void Add<TIn, TOut>(string name, Func<TIn, CancellationToken, Task<TOut>> run) =>
        _engine.ActivityAsync(name, async (call, cancellation) => await run(JsonSerializer.Deserialize<TIn>(call.SerializedInput!)!, cancellation));

    private Task<BatchRow?> FindAsync(string id) => Get<Tables>().Jobs.FindAsync<BatchRow>(id, BatchRow.Key, None);

    private T Get<T>() where T : notnull => _services!.GetRequiredService<T>();
}
