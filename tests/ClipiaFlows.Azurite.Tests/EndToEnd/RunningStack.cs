using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Stack;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>A local stack with quick generations, and the ways to talk to its parts.</summary>
internal sealed class RunningStack : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private RunningStack(LocalStack local)
    {
        Local = local;
        App = new AppClient(local.AppUrl, key: null);
        Emulator = new EmulatorControl(local.EmulatorUrl);
    }

    public LocalStack Local { get; }

    public AppClient App { get; }

    public EmulatorControl Emulator { get; }

    public static async Task<RunningStack> StartAsync(
        bool webhooks = true, bool testKey = false, int clockScale = 1, int imageSeconds = 1, int videoSeconds = 2,
        Dictionary<string, string>? appSettings = null, int requestsPerMinute = 120, int concurrency = 10)
    {
        // A test that restarts the app changes the dictionary it gave.
        appSettings ??= [];
        appSettings["Pacing__RequestsPerMinute"] = $"{requestsPerMinute}";
        return new(await LocalStack.StartAsync(new LocalStackOptions
        {
            Webhooks = webhooks,
            UseTestKey = testKey,
            ClockScale = clockScale,
            AppSettings = appSettings,
            EmulatorSettings = new Dictionary<string, string>
            {
                ["Emulator__ImageSeconds"] = $"{imageSeconds}",
                ["Emulator__VideoSeconds"] = $"{videoSeconds}",
                ["Emulator__RequestsPerMinute"] = $"{requestsPerMinute}",
                ["Emulator__Concurrency"] = $"{concurrency}",
            },
        }));
    }

    public Task<Accepted> SubmitAsync(byte[] manifest) => App.SubmitAsync(manifest, idempotencyKey: null, CancellationToken.None);

    /// <summary>Runs a manifest to its end.</summary>
    public async Task<Batch> RunAsync(byte[] manifest, TimeSpan? limit = null) => await FinishAsync((await SubmitAsync(manifest)).Id, limit);

    public async Task<Batch> FinishAsync(string batch, TimeSpan? longest = null)
    {
        using var limit = new CancellationTokenSource(longest ?? Limit);
        var last = "nothing";
        try
        {
            return await BatchWatch.FollowAsync(
                App, batch, snapshot => last = ProgressDisplay.Describe(snapshot.Batch), Local.ThrowIfDead, limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The batch did not end; last seen: {last}");
        }
    }

    public Task<List<Job>> ResultsAsync(string batch) => App.GetResultsAsync(batch, CancellationToken.None).ToListAsync();

    /// <summary>Waits until the counts of a batch are as wished.</summary>
    public async Task<Batch> WhenAsync(string batch, Func<JobCounts, bool> condition)
    {
        var now = await App.GetBatchAsync(batch, CancellationToken.None);
        await Eventually.TrueAsync(
            async () => condition((now = await App.GetBatchAsync(batch, CancellationToken.None)).Jobs),
            Limit, () => ProgressDisplay.Describe(now));
        return now;
    }

    public async ValueTask DisposeAsync()
    {
        Emulator.Dispose();
        App.Dispose();
        await Local.DisposeAsync();
    }
}
