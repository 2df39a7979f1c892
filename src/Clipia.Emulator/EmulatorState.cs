namespace Clipia.Emulator;

/// <summary>The parts of one emulator, wired together, and what they stored before.</summary>
internal sealed class EmulatorState : IAsyncDisposable
{
    private const string SecretSetting = "webhook_secret";

    private readonly EmulatorOptions _options;
    private readonly DataFolder _folder;
    private readonly ILogger _log;
    private readonly Journal _journal;
    private readonly DueQueue _due;
    private readonly Scenarios _scenarios = new();
    private readonly CallLog _calls = new();
    private readonly Accounts _accounts;
    private readonly KeyRing _keys;
    private readonly IdempotencyKeys _idempotency;
    private readonly WebhookSender _webhooks;
    private readonly GenerationDesk _desk;
    private readonly IReadOnlyList<(Delivery Delivery, DateTimeOffset? NextAt)> _deliveries;

    private EmulatorState(EmulatorOptions options, DataFolder folder, ILogger log)
    {
        (_options, _folder, _log) = (options, folder, log);
        var connection = Database.Open(folder.DatabaseFile);
        var saved = new SavedState(connection);
        var accounts = saved.Accounts().ToDictionary(account => account.Id);
        var keys = saved.Keys(accounts).ToDictionary(key => key.Id);
        var generations = saved.Generations(keys);
        _deliveries = saved.Deliveries(generations);
        WebhookSecret = options.WebhookSecret ?? saved.Setting(SecretSetting) ?? KeyRing.NewSecret();

        _journal = new(connection, log);
        _due = new(options.Time);
        _accounts = new(_journal);
        _keys = new(options.Time, _journal);
        _idempotency = new(options.Time);
        _webhooks = new(options, WebhookSecret, _journal, _due, _scenarios);
        _desk = new(options.Time, _journal, _due, _webhooks);

        foreach (var account in accounts.Values)
            _accounts.Load(account);
        foreach (var key in keys.Values)
            _keys.Load(key);
        foreach (var generation in generations)
            Load(generation);
    }

    public string? LiveKey { get; private set; }
    public string? TestKey { get; private set; }
    public string WebhookSecret { get; }

    public static async Task<EmulatorState> OpenAsync(EmulatorOptions options, ILogger log)
    {
        var folder = DataFolder.Open(options.DataDirectory);
        try
        {
            var state = new EmulatorState(options, folder, log);
            await state.PrepareAsync();
            return state;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Map(WebApplication app)
    {
        var modes = new Modes(_options);
        Envelopes.Use(app, _log);
        LocalRoutes.RefuseOtherHosts(app);
        var submit = new SubmitRoute(_options, modes, _desk, _idempotency, _scenarios, _webhooks);
        var models = new ModelRoutes(modes);
        var requests = new RequestRoutes(_desk, _options.Time);
        var account = new AccountRoute(_desk, _options.Time);
        var api = new ApiEndpoint(
            [
                new(ApiRoute.Submit, "POST", "/v1/models/{slug}", submit.HandleAsync),
                new("estimate", "POST", "/v1/models/{slug}/estimate", models.EstimateAsync),
                new("status", "GET", "/v1/requests/{request_id}/status", requests.StatusAsync),
                new("result", "GET", "/v1/requests/{request_id}", requests.ResultAsync),
                new("models", "GET", "/v1/models", ModelRoutes.ListAsync),
                new("model", "GET", "/v1/models/{slug}", ModelRoutes.GetAsync),
                new("account", "GET", "/v1/account", account.GetAsync),
            ],
            _keys, _scenarios, _desk, _webhooks, _calls, _options.Time, _log);
        app.Map("/v1/{**path}", api.InvokeAsync);
        var library = new MediaLibrary(_folder.MediaFolder, _desk);
        MediaRoutes.Map(app, library, _scenarios, _desk);
        McpEndpoint.Map(app, new(new(api), _desk, library, new(), _options.Time), _keys);
        OpenApiDocument.Map(app);
        DeveloperConsole.Map(app);
        LocalRoutes.Map(app, new(_accounts, _keys, _desk, _webhooks, _scenarios, _calls, modes, _options.Time));
    }

    /// <summary>Goes on with what an earlier process left unfinished. After the address is known, since media links hold it.</summary>
    public void Begin(Uri baseUrl)
    {
        _webhooks.BaseUrl = baseUrl;
        foreach (var (delivery, nextAt) in _deliveries)
            _webhooks.Begin(delivery, nextAt);
        _desk.Begin();
    }

    public async ValueTask DisposeAsync()
    {
        _due.Dispose();
        await _webhooks.DisposeAsync();
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    private void Load(Generation generation)
    {
        _desk.Load(generation);
        if (generation.IdempotencyKey is { } key)
            _idempotency.Keep(IdempotencyKeys.ScopeOf(generation.Key, key), generation);
    }

    private async Task PrepareAsync()
    {
        foreach (var (delivery, _) in _deliveries)
            _webhooks.Load(delivery);
        await _journal.Append(tables => tables.Save(SecretSetting, WebhookSecret));
        var account = await _accounts.GetOrAddAsync(null, _options.Credits);
        LiveKey = await RegisterAsync(_options.LiveKey, test: false, account);
        TestKey = await RegisterAsync(_options.TestKey, test: true, account);
    }

    private async Task<string?> RegisterAsync(string? given, bool test, Account account)
    {
        if (given is null && _keys.All.Any(key => key.IsTest == test))
            return null;
        if (given is not null && _keys.Find(given) is { } known)
        {
            await _keys.ChangeAsync(known, _options.RequestsPerMinute, _options.Concurrency);
            return given;
        }
        var value = given ?? KeyRing.NewKey(test);
        var prefix = test ? ApiKey.TestPrefix : ApiKey.LivePrefix;
        if (!value.StartsWith(prefix, StringComparison.Ordinal) || value.Length == prefix.Length)
            throw new ArgumentException($"The {(test ? "test" : "live")} key must be {prefix} and something more.");
        await _keys.RegisterAsync(value, test ? "test" : "live", test, account, null, _options.RequestsPerMinute, _options.Concurrency);
        return value;
    }
}
