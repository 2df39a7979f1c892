namespace Azure.Data.Tables;

/// <summary>
/// Connection strings with an account key: the development one, one with a table endpoint, or account and suffix.
/// Shared access signatures are not among what the product uses.
/// </summary>
internal static class TableConnectionString
{
    // Public knowledge: every emulator has this account and this key.
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static (Uri Endpoint, TableSharedKeyCredential Credential) Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var settings = Settings(connectionString);

        if (settings.TryGetValue("UseDevelopmentStorage", out var development) && bool.Parse(development))
        {
            var proxy = new Uri(settings.GetValueOrDefault("DevelopmentStorageProxyUri", "http://127.0.0.1"));
            var local = new UriBuilder(proxy) { Port = 10002, Path = DevelopmentAccount };
            return (local.Uri, new(DevelopmentAccount, DevelopmentKey));
        }

        var account = Required(settings, "AccountName");
        var credential = new TableSharedKeyCredential(account, Required(settings, "AccountKey"));
        if (settings.TryGetValue("TableEndpoint", out var endpoint))
            return (new Uri(endpoint), credential);

        var protocol = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return (new Uri($"{protocol}://{account}.table.{suffix}"), credential);
    }

    private static Dictionary<string, string> Settings(string connectionString)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !settings.TryAdd(setting[..equals].Trim(), setting[(equals + 1)..].Trim()))
                throw new FormatException("The connection string must be settings of the form name=value, each once, separated by ';'.");
        }

        return settings;
    }

    private static string Required(Dictionary<string, string> settings, string name) =>
        settings.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new FormatException($"The connection string has no {name}.");
}
