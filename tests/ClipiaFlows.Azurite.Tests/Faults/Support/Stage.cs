using System.Globalization;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Azurite, an emulator in this process, and the app as a process that can be killed at any boundary and started again.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StageOptions _options;
    private readonly int _port = LocalPorts.FindFree().App;
    private readonly StageSecrets _secrets = StageSecrets.Create();
    private readonly StageEmulator _emulator;
    private DateTimeOffset _origin = TimeProvider.System.GetUtcNow();

    private Stage(StageOptions options)
    {
        _options = options;
        Clock = new FastClock(_origin, options.Scale);
        _emulator = new StageEmulator(options, _secrets, Clock, Path.Combine(_folder.Path, "emulator"));
        App = new AppClient(new Uri($"http://127.0.0.1:{_port}/"), key: null);
    }

    /// <summary>The emulator's clock; the app has one of its own that shows the same.</summary>
    public FastClock Clock { get; }

    public AzuriteProcess Azurite { get; private set; } = null!;

    public EmulatorControl Emulator => _emulator.Control;

    public AppClient App { get; }

    /// <summary>The running app, or the last that ran.</summary>
    public KillHost Host { get; private set; } = null!;

    /// <summary>The boundaries at which the app died.</summary>
    public List<string> Deaths { get; } = [];

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
        try
        {
            Directory.CreateDirectory(stage.StateFolder);
            await stage.StartAzuriteAsync();
            await stage.StartEmulatorAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
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

        Host = KillHost.Start(Settings(), StateFolder, _options.HostAssembly, killAt);
        await Host.ListeningAsync();
        if (Host.IsGone && !Host.WasKilled)
            throw new InvalidOperationException($"The app did not start:\n{Host.Log}");
    }

    /// <summary>Starts the emulator, on the same port and data as before.</summary>
    public Task StartEmulatorAsync() => _emulator.StartAsync();

    /// <summary>Kills an emulator that is a process of its own.</summary>
    public Task KillEmulatorAsync() => _emulator.KillAsync();

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

    /// <summary>The settings of the app, as environment variables.</summary>
    public Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = StorageConnection ?? Azurite.ConnectionString,
            ["Notifications__QueueConnectionString"] = Azurite.ConnectionString,
            ["Clipia__BaseUrl"] = _emulator.Url.AbsoluteUri.TrimEnd('/'),
            ["Clipia__ApiKey"] = _secrets.LiveKey,
            ["Clipia__WebhookSecret"] = _secrets.WebhookSecret,
            ["Callbacks__PublicBaseUrl"] = _options.Webhooks ? $"http://127.0.0.1:{_port}" : "",
            ["Callbacks__Key"] = _secrets.CallbackKey,
            ["Pacing__RequestsPerMinute"] = Text(StageOptions.RequestsPerMinute),
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

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        App.Dispose();
        await _emulator.DisposeAsync();
        if (Azurite is not null)
            await Azurite.DisposeAsync();
        _folder.Dispose();
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
