using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Clipia.Emulator;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>How a stage is set.</summary>
internal sealed record StageOptions
{
    /// <summary>Whether the app asks for webhooks; otherwise it polls.</summary>
    public bool Webhooks { get; init; } = true;

    /// <summary>How much faster than real time the clocks of app and emulator run.</summary>
    public int Scale { get; init; } = 10;

    /// <summary>Seconds of a picture, on the fast clock.</summary>
    public double ImageSeconds { get; init; } = 3;

    /// <summary>Seconds of a clip, on the fast clock.</summary>
    public double VideoSeconds { get; init; } = 6;

    /// <summary>Whether Azurite keeps its data in a folder; otherwise in memory.</summary>
    public bool StorageOnDisk { get; init; }

    /// <summary>Whether the emulator is a process of its own, which can be killed; otherwise it runs in this one.</summary>
    public bool EmulatorAsProcess { get; init; }

    /// <summary>Where the app keeps the state of its engine. Default: a temporary folder.</summary>
    public string? StateFolder { get; init; }

    /// <summary>The app to run: another build of ClipiaFlows.KillHost than the usual one, such as one with a fault put in.</summary>
    public string? HostAssembly { get; init; }

    /// <summary>More settings of the app.</summary>
    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>();
}

/// <summary>Azurite, an emulator in this process, and the app as a process that can be killed at any boundary and started again.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private readonly TemporaryFolder _folder = new();
    private readonly StageOptions _options;
    private readonly int _port = LocalPorts.FindFree().App;
    private readonly string _webhookSecret = "whsec_" + RandomNumberGenerator.GetHexString(32);
    private readonly string _liveKey = "clipia_live_" + RandomNumberGenerator.GetHexString(32);
    private readonly string _callbackKey = RandomNumberGenerator.GetHexString(32);
    private readonly int _emulatorPort = LocalPorts.FindFree().Emulator;
    private DateTimeOffset _origin = TimeProvider.System.GetUtcNow();
    private EmulatorApi? _emulator;
    private ChildProcess? _emulatorProcess;

    private Stage(StageOptions options)
    {
        _options = options;
        Clock = new FastClock(_origin, options.Scale);
        App = new AppClient(new Uri($"http://127.0.0.1:{_port}/"), key: null);
    }

    /// <summary>The emulator's clock; the app has one of its own that shows the same.</summary>
    public FastClock Clock { get; }

    public AzuriteProcess Azurite { get; private set; } = null!;

    public EmulatorControl Emulator { get; private set; } = null!;

    public AppClient App { get; }

    /// <summary>The running app, or the last that ran.</summary>
    public KillHost Host { get; private set; } = null!;

    /// <summary>The boundaries at which the app died.</summary>
    public List<string> Deaths { get; } = [];

    /// <summary>Starts of the app.</summary>
    public int Starts { get; private set; }

    public string StateFolder => _options.StateFolder ?? Path.Combine(_folder.Path, "app");

    /// <summary>Where the app's storage is, in place of Azurite's own address.</summary>
    public string? StorageConnection { get; set; }

    /// <summary>Tables without whatever stands between app and Azurite.</summary>
    public TableServiceClient Tables => new(Azurite.ConnectionString);

    /// <summary>Blobs without whatever stands between app and Azurite.</summary>
    public BlobServiceClient Blobs => new(Azurite.ConnectionString);

    /// <summary>Starts Azurite and the emulator; the app is started apart.</summary>
    public static async Task<Stage> SetAsync(StageOptions? options = null)
    {
        var stage = new Stage(options ?? new StageOptions());
        Directory.CreateDirectory(stage.StateFolder);
        await stage.StartAzuriteAsync();
        await stage.StartEmulatorAsync();
        return stage;
    }

    /// <summary>Starts Azurite on the same ports as before, if there was one.</summary>
    public async Task StartAzuriteAsync()
    {
        var before = Azurite;
        Azurite = await AzuriteProcess.StartAsync(new()
        {
            DataDirectory = _options.StorageOnDisk ? Path.Combine(_folder.Path, "azurite") : null,
            BlobPort = before?.BlobEndpoint.Port ?? 0,
            QueuePort = before?.QueueEndpoint.Port ?? 0,
            TablePort = before?.TableEndpoint.Port ?? 0,
        });
    }

    /// <summary>Starts the app. <paramref name="killAt"/> is the boundary at which it dies, counted from its start.</summary>
    public async Task StartAppAsync(int killAt = 0)
    {
        if (Host is { } before)
        {
            await before.DisposeAsync();
            if (before.Passed.LastOrDefault() is { } last)
                Deaths.Add(last);
        }

        Starts++;
        Host = KillHost.Start(Settings(), StateFolder, _options.HostAssembly, killAt);
        await Host.ListeningAsync();
        if (Host.IsGone && !Host.WasKilled)
            throw new InvalidOperationException($"The app did not start:\n{Host.Log}");
    }

    /// <summary>Starts the emulator, on the same port and data as before.</summary>
    public async Task StartEmulatorAsync()
    {
        if (_options.EmulatorAsProcess)
            _emulatorProcess = await RunEmulatorApartAsync();
        else
            _emulator = await RunEmulatorHereAsync();
        Emulator ??= new EmulatorControl(new Uri($"http://127.0.0.1:{_emulatorPort}/"));
    }

    /// <summary>Kills an emulator that is a process of its own.</summary>
    public async Task KillEmulatorAsync()
    {
        await _emulatorProcess!.KillAsync();
        await _emulatorProcess.DisposeAsync();
    }

    /// <summary>Sets the clocks on, of the emulator in this process and of the app, whether it runs or is started later.</summary>
    public async Task JumpAsync(TimeSpan by)
    {
        Clock.Jump(by);
        await JumpAppAsync(by);
    }

    /// <summary>Sets only the app's clock on.</summary>
    public async Task JumpAppAsync(TimeSpan by)
    {
        // now = origin + (real now - origin) x scale: an earlier origin is a later now.
        _origin -= by / (_options.Scale - 1);
        if (!Host.IsGone)
            await Host.JumpAsync(by);
    }

    /// <summary>Calls to the API so far, of every kind.</summary>
    public async Task<int> CallsAsync() =>
        (await Emulator.GetAsync("calls?limit=0")).GetProperty("counts").EnumerateArray().Sum(count => count.GetProperty("count").GetInt32());

    /// <summary>The settings of the app, as environment variables.</summary>
    public Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = StorageConnection ?? Azurite.ConnectionString,
            ["Notifications__QueueConnectionString"] = Azurite.ConnectionString,
            ["Clipia__BaseUrl"] = $"http://127.0.0.1:{_emulatorPort}",
            ["Clipia__ApiKey"] = _liveKey,
            ["Clipia__WebhookSecret"] = _webhookSecret,
            ["Callbacks__PublicBaseUrl"] = _options.Webhooks ? $"http://127.0.0.1:{_port}" : "",
            ["Callbacks__Key"] = _callbackKey,
            ["Pacing__RequestsPerMinute"] = "6000",
            ["LocalRuntime__Port"] = Text(_port),
            ["LocalRuntime__DataDirectory"] = StateFolder,
            ["Clock__Origin"] = _origin.ToString("O", CultureInfo.InvariantCulture),
            ["Clock__Scale"] = Text(_options.Scale),
            // A process that lives for seconds is not worth optimizing; it is started a thousand times.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_TC_CallCounting"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_GCgen0size"] = "0x4000000",
        };
        foreach (var (key, value) in _options.AppSettings)
            settings[key] = value;
        return settings;
    }

    /// <summary>Starts the app again if it was killed.</summary>
    public async Task ReviveAsync(Queue<int>? killAt = null)
    {
        while (Host.WasKilled)
            await StartAppAsync(killAt?.TryDequeue(out var next) is true ? next : 0);
    }

    /// <summary>Asks the app until it answers, as a caller does who knows that it may be restarting; starts it again when it was killed.</summary>
    /// <param name="call">The call; may be made more than once.</param>
    /// <param name="killAt">Where the app dies that is started next, once.</param>
    public async Task<T> InsistAsync<T>(Func<AppClient, CancellationToken, Task<T>> call, Queue<int>? killAt = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await ReviveAsync(killAt);
                return await call(App, limit.Token);
            }
            catch (Exception trouble) when (trouble is HttpRequestException or IOException or CommandFailure { ExitCode: ExitCodes.NotReachable })
            {
                if (Host.IsGone && !Host.WasKilled)
                    throw new InvalidOperationException($"The app ended by itself:\n{Host.Log}", trouble);
                if (limit.IsCancellationRequested)
                    throw new TimeoutException($"The app did not answer: {trouble.Message}\n{Host.Log}", trouble);
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
            }
        }
    }

    /// <summary>Waits for a batch to end, whatever kills the app meanwhile.</summary>
    public async Task<Batch> EndOfAsync(string batch, Queue<int>? killAt = null)
    {
        Batch? now = null;
        await UntilAsync(
            async (app, cancellation) => (now = await app.GetBatchAsync(batch, cancellation)).IsTerminal, "The batch did not end", killAt);
        return now!;
    }

    /// <summary>Asks until the answer is yes, whatever kills the app meanwhile.</summary>
    public async Task UntilAsync(Func<AppClient, CancellationToken, Task<bool>> condition, string otherwise, Queue<int>? killAt = null)
    {
        var limit = DateTime.UtcNow + Patience;
        while (!await InsistAsync(condition, killAt))
        {
            if (DateTime.UtcNow > limit)
                throw new TimeoutException($"{otherwise}:\n{Host.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(80));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        App.Dispose();
        Emulator?.Dispose();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        if (_emulatorProcess is not null)
            await _emulatorProcess.DisposeAsync();
        if (Azurite is not null)
            await Azurite.DisposeAsync();
        _folder.Dispose();
    }

    private Task<EmulatorApi> RunEmulatorHereAsync() => EmulatorApi.StartAsync(new EmulatorOptions
    {
        Port = _emulatorPort,
        Time = Clock,
        LiveKey = _liveKey,
        WebhookSecret = _webhookSecret,
        Credits = 1_000_000,
        RequestsPerMinute = 6000,
        ImageSeconds = _options.ImageSeconds,
        VideoSeconds = _options.VideoSeconds,
    });

    private async Task<ChildProcess> RunEmulatorApartAsync()
    {
        var data = Path.Combine(_folder.Path, "emulator");
        Directory.CreateDirectory(data);
        var settings = new Dictionary<string, string>
        {
            ["Emulator__Port"] = Text(_emulatorPort),
            ["Emulator__DataDirectory"] = data,
            ["Emulator__LiveKey"] = _liveKey,
            ["Emulator__WebhookSecret"] = _webhookSecret,
            ["Emulator__RequestsPerMinute"] = "6000",
            ["Emulator__ImageSeconds"] = Text(_options.ImageSeconds),
            ["Emulator__VideoSeconds"] = Text(_options.VideoSeconds),
            ["Emulator__ExitWhenInputCloses"] = "true",
            ["Clock__Origin"] = _origin.ToString("O", CultureInfo.InvariantCulture),
            ["Clock__Scale"] = Text(_options.Scale),
        };
        var process = ChildProcess.StartDotnet("emulator", BuiltParts.Emulator, settings, data, Path.Combine(_folder.Path, "emulator.log"));
        await HealthCheck.WaitAsync(process, new Uri($"http://127.0.0.1:{_emulatorPort}/_local/health"), CancellationToken.None);
        return process;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
