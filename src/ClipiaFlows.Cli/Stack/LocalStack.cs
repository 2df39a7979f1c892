namespace ClipiaFlows.Cli.Stack;

/// <summary>
/// Azurite, the Clipia emulator and the app, running as processes of their own on loopback ports and wired to each other.
/// They end with this process, however that ends; <see cref="DisposeAsync"/> ends them in order.
/// </summary>
internal sealed class LocalStack : IAsyncDisposable
{
    // A stack on the same folder that was told to stop still lets Azurite save.
    private static readonly TimeSpan PredecessorMayTake = TimeSpan.FromSeconds(12);

    private readonly LocalStackOptions _options;
    private readonly StackDirectory _directory;
    private readonly StackSettings _settings;
    private AzuriteProcess? _azurite;
    private ChildProcess? _emulator;
    private ChildProcess? _app;

    private LocalStack(LocalStackOptions options, StackDirectory directory, StackSettings settings) =>
        (_options, _directory, _settings) = (options, directory, settings);

    /// <summary>Root of the app, such as <c>http://127.0.0.1:7071/</c>.</summary>
    public Uri AppUrl => _settings.AppUrl;

    /// <summary>Root of the emulated Clipia API.</summary>
    public Uri EmulatorUrl => _settings.EmulatorUrl;

    /// <summary>Connection string of the storage account, for any Azure Storage client.</summary>
    public string StorageConnectionString => _azurite!.ConnectionString;

    /// <summary>Key of the emulated account whose generations take time and cost credits.</summary>
    public string LiveKey => _settings.Secrets.LiveKey;

    /// <summary>Key whose generations finish at once and cost nothing.</summary>
    public string TestKey => _settings.Secrets.TestKey;

    /// <summary>Signs the emulator's webhooks.</summary>
    public string WebhookSecret => _settings.Secrets.WebhookSecret;

    /// <summary>Makes the tokens of the app's callback addresses.</summary>
    public string CallbackKey => _settings.Secrets.CallbackKey;

    /// <summary>Where state and logs are.</summary>
    public string DataDirectory => _directory.Root;

    /// <summary>The process id of the app.</summary>
    public int AppProcessId => _app!.Id;

    /// <summary>Starts the three and returns when the app says that it is healthy; stops what runs when one does not start.</summary>
    /// <exception cref="StackException">A part is missing, cannot start, or died; the message says which and why.</exception>
    public static async Task<LocalStack> StartAsync(LocalStackOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LocalStackOptions();
        if (options.Ports is { } ports)
            await ports.WaitUntilFreeAsync(options.DataDirectory is null ? TimeSpan.Zero : PredecessorMayTake, cancellation);
        var directory = StackDirectory.Open(options.DataDirectory);
        var secrets = directory.IsTemporary ? StackSecrets.Create() : StackSecrets.LoadOrCreate(directory.Secrets);
        var stack = new LocalStack(options, directory, new StackSettings(options, options.Ports ?? LocalPorts.FindFree(), secrets));
        try
        {
            await stack.StartPartsAsync(cancellation);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the app again after <see cref="KillAppAsync"/> or <see cref="StopAppAsync"/>.</summary>
    public async Task StartAppAsync(CancellationToken cancellation = default)
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = ChildProcess.StartDotnet(
            "app", BuiltParts.App, ChildEnvironment.LeaveForApp, _settings.ForApp(StorageConnectionString, _directory.App),
            _directory.App, _directory.LogOf("app"));
        await HealthCheck.WaitAsync(_app, new Uri(AppUrl, "api/health"), cancellation);
    }

    /// <summary>Starts the app again if somebody killed it; its batches go on where they were.</summary>
    /// <returns>Whether it had been killed.</returns>
    public async Task<bool> ReviveAppAsync(CancellationToken cancellation = default)
    {
        if (_app is not { WasKilled: true })
            return false;
        await StartAppAsync(cancellation);
        return true;
    }

    /// <summary>Kills the app at once, as a crash would.</summary>
    public Task KillAppAsync() => _app!.KillAsync();

    /// <summary>Lets the app end what it does, and end.</summary>
    public Task StopAppAsync() => _app!.StopAsync();

    /// <summary>Throws when a part has ended by itself, with the last lines of its standard error.</summary>
    /// <exception cref="StackException">A part is gone.</exception>
    public void ThrowIfDead()
    {
        _azurite?.ThrowIfDead();
        _emulator?.ThrowIfDead();
        _app?.ThrowIfDead();
    }

    /// <summary>Stops the app, the emulator and Azurite, in this order, and removes the folder when it was temporary.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        if (!_options.KeepTemporaryData)
            _directory.RemoveIfTemporary();
    }

    private async Task StartPartsAsync(CancellationToken cancellation)
    {
        _options.Tell?.Invoke("Starting Azurite");
        var azurite = StartAzuriteAsync(cancellation);
        try
        {
            await StartEmulatorAsync(cancellation);
        }
        finally
        {
            _azurite = await azurite;
        }

        _options.Tell?.Invoke("Starting the app");
        await StartAppAsync(cancellation);
    }

    private Task<AzuriteProcess> StartAzuriteAsync(CancellationToken cancellation)
    {
        var ports = _settings.Ports;
        return AzuriteProcess.StartAsync(
            new AzuriteOptions
            {
                DataDirectory = _directory.Azurite,
                BlobPort = ports.Blob,
                QueuePort = ports.Queue,
                TablePort = ports.Table,
                Installing = () => _options.Tell?.Invoke("Installing Azurite from npm, once (about a minute)"),
            },
            cancellation);
    }

    private async Task StartEmulatorAsync(CancellationToken cancellation)
    {
        _emulator = ChildProcess.StartDotnet(
            "Clipia emulator", BuiltParts.Emulator, ChildEnvironment.LeaveForEmulator, _settings.ForEmulator(_directory.Emulator),
            _directory.Emulator, _directory.LogOf("emulator"));
        await HealthCheck.WaitAsync(_emulator, new Uri(EmulatorUrl, "_local/health"), cancellation);
    }
}
