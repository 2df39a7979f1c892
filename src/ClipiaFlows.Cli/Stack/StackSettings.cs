using System.Globalization;

namespace ClipiaFlows.Cli.Stack;

/// <summary>The settings of the parts, as environment variables; what the settings mean is told in README.md.</summary>
internal sealed class StackSettings(LocalStackOptions options, LocalPorts ports, StackSecrets secrets)
{
    // Both parts count from the same instant, so that a faster clock shows both the same time.
    private readonly string _clockOrigin = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    public LocalPorts Ports { get; } = ports;

    public StackSecrets Secrets { get; } = secrets;

    public Uri AppUrl { get; } = new($"http://127.0.0.1:{ports.App}/");

    public Uri EmulatorUrl { get; } = new($"http://127.0.0.1:{ports.Emulator}/");

    public Dictionary<string, string> ForEmulator(string dataDirectory)
    {
        var settings = new Dictionary<string, string>
        {
            ["Emulator__Port"] = Text(Ports.Emulator),
            ["Emulator__DataDirectory"] = dataDirectory,
            ["Emulator__LiveKey"] = Secrets.LiveKey,
            ["Emulator__TestKey"] = Secrets.TestKey,
            ["Emulator__WebhookSecret"] = Secrets.WebhookSecret,
            ["Emulator__ExitWhenInputCloses"] = "true",
        };
        AddClock(settings);
        return Merge(settings, options.EmulatorSettings);
    }

    public Dictionary<string, string> ForApp(string storageConnectionString, string dataDirectory)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storageConnectionString,
            // A local.settings.json that names a real account must not get the outputs of a rehearsal.
            ["Outputs__ConnectionString"] = storageConnectionString,
            ["Outputs__AccountName"] = "",
            // Nor are those told of it whom such a file names; who is named in the environment is meant.
            ["Notifications__QueueConnectionString"] = storageConnectionString,
            ["Notifications__EventGridTopicEndpoint"] = Environment.GetEnvironmentVariable("Notifications__EventGridTopicEndpoint") ?? "",
            ["Notifications__Webhook"] = Environment.GetEnvironmentVariable("Notifications__Webhook") ?? "",
            ["Clipia__BaseUrl"] = EmulatorUrl.AbsoluteUri.TrimEnd('/'),
            ["Clipia__ApiKey"] = options.UseTestKey ? Secrets.TestKey : Secrets.LiveKey,
            ["Clipia__WebhookSecret"] = Secrets.WebhookSecret,
            ["Clipia__PreviousWebhookSecret"] = "",
            ["Callbacks__PublicBaseUrl"] = options.Webhooks ? (options.Tunnel ?? AppUrl).AbsoluteUri.TrimEnd('/') : "",
            ["Callbacks__Key"] = Secrets.CallbackKey,
            ["Callbacks__PreviousKey"] = "",
            ["LocalRuntime__Port"] = Text(Ports.App),
            ["LocalRuntime__DataDirectory"] = dataDirectory,
            ["LocalRuntime__ExitWhenInputCloses"] = "true",
        };
        if (options.Tunnel is { } tunnel)
            settings["LocalRuntime__AllowedHosts"] = $"{tunnel.IdnHost}={tunnel.AbsolutePath.TrimEnd('/')}/api/webhooks/";
        AddClock(settings);
        return Merge(settings, options.AppSettings);
    }

    private void AddClock(Dictionary<string, string> settings)
    {
        if (options.ClockScale == 1)
            return;
        settings["Clock__Origin"] = _clockOrigin;
        settings["Clock__Scale"] = Text(options.ClockScale);
    }

    private static Dictionary<string, string> Merge(Dictionary<string, string> settings, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (key, value) in more)
            settings[key] = value;
        return settings;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
