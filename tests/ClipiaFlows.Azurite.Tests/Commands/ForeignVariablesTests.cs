using System.Net.Http.Json;
using ClipiaFlows.Cli.Stack;
using Tests.Support.Http;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>Variables that people have set for other programs, proxies above all, and a proxy on a socket that remembers what it is asked for.</summary>
public sealed class ForeignVariablesTests
{
    private const string EventSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Demo_WithVariablesOfOtherPrograms_RunsAndAsksTheProxyForOtherMachinesOnly()
    {
        await using var proxy = new RecordingProxy();
        // Installing it is allowed to use a proxy.
        await SharedAzurite.Running;

        var result = await CliProcess.RunAsync(["demo", "--manifest", Path.Combine(RepositoryFolder.Root, "samples", "one-picture.json"), "--out", "out"], environment =>
        {
            foreach (var (name, value) in proxy.Variables)
                environment[name] = value;
            environment.Remove("no_proxy");
            environment.Remove("NO_PROXY");
            foreach (var (name, value) in Foreign())
                environment[name] = value;
            // Read by the hook, which then sets a hook that does not exist: the command itself would not start with it.
            environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            environment["Emulator__ImageSeconds"] = environment["Emulator__VideoSeconds"] = "2";
            environment["Notifications__Webhook"] = "https://hooks.example/events";
            environment["Notifications__WebhookSecret"] = EventSecret;
        });

        Assert.True(result.ExitCode == 0, result.Errors + result.Output);
        Assert.Contains("2 of 2 jobs succeeded", result.Output, StringComparison.Ordinal);
        Assert.Empty(proxy.AskedForLoopback);
        Assert.Equal(["hooks.example:443"], proxy.Asked.Distinct());
    }

    [Fact]
    public async Task Stack_WithAProxy_SendsWhatIsForOtherMachinesThroughIt()
    {
        await using var proxy = new RecordingProxy();
        // Without the exceptions that the stack adds, each client has to know this machine's addresses by itself.
        var variables = new Dictionary<string, string>(proxy.Variables) { ["no_proxy"] = "", ["NO_PROXY"] = "" };
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions
        {
            AppSettings = new Dictionary<string, string>(variables) { ["Clipia__BaseUrl"] = "https://api.clipia.example", ["Clipia__MaxAttempts"] = "1" },
            EmulatorSettings = variables,
        });
        using var http = new HttpClient();

        using var plan = await http.PostAsJsonAsync(new Uri(stack.AppUrl, "api/batches?dryRun=true"), new
        {
            version = 1,
            jobs = new[] { new { id = "boat", model = "flux-2-pro", input = new { prompt = "A paper boat" } } },
        });
        using var order = new HttpRequestMessage(HttpMethod.Post, new Uri(stack.EmulatorUrl, "v1/models/flux-2-pro"))
        {
            Content = JsonContent.Create(new { input = new { prompt = "A paper boat" }, webhook_url = "http://hooks.example/delivered" }),
        };
        order.Headers.Authorization = new("Bearer", stack.TestKey);
        using var accepted = await http.SendAsync(order);

        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(
            () => proxy.Asked.Contains("api.clipia.example:443") && proxy.Asked.Contains("hooks.example:80"),
            Limit, () => $"The proxy was asked for {string.Join(", ", proxy.Asked)}; the plan was answered {plan.StatusCode}.");
        Assert.Empty(proxy.AskedForLoopback);
    }

    [Theory]
    [InlineData("http_proxy", "http://flows.example", "flows.example:80")]
    [InlineData("HTTP_PROXY", "http://flows.example:8080", "flows.example:8080")]
    [InlineData("http_proxy", "http://fl\u00f6ws.example", "xn--flws-6qa.example:80")]
    [InlineData("ALL_PROXY", "http://flows.example", "flows.example:80")]
    [InlineData("all_proxy", "https://flows.example", "flows.example:443")]
    [InlineData("https_proxy", "https://flows.example", "flows.example:443")]
    [InlineData("HTTPS_PROXY", "https://flows.example", "flows.example:443")]
    public async Task Command_AppElsewhere_IsReachedThroughTheProxyOfThatVariable(string variable, string url, string asked)
    {
        await using var proxy = new RecordingProxy();

        var result = await ListAsync(url, (variable, proxy.Address.AbsoluteUri));

        Assert.NotEqual(0, result.ExitCode);
        result.HasNoStackTrace();
        Assert.Equal([asked], proxy.Asked.Distinct());
    }

    [Theory]
    [InlineData("no_proxy", "flows.example")]
    [InlineData("NO_PROXY", ".example:80")]
    [InlineData("no_proxy", "*")]
    public async Task Command_AppThatNeedsNoProxy_IsCalledDirectly(string variable, string value)
    {
        await using var proxy = new RecordingProxy();

        var result = await ListAsync("http://flows.example", ("http_proxy", proxy.Address.AbsoluteUri), (variable, value));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(proxy.Asked);
    }

    private static Task<CliResult> ListAsync(string url, params (string Name, string Value)[] variables) =>
        CliProcess.RunAsync(["list", "--url", url], environment =>
        {
            foreach (var name in environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
                environment.Remove(name);
            foreach (var (name, value) in variables)
                environment[name] = value;
        });

    private static IEnumerable<(string Name, string Value)> Foreign() =>
    [
        ("AZURITE_ACCOUNTS", "other:b3RoZXI="), ("AZURITE_DB", "mssql://127.0.0.1:1"),
        ("AZURE_STORAGE_CONNECTION_STRING", "DefaultEndpointsProtocol=https;AccountName=other;AccountKey=b3RoZXI=;EndpointSuffix=core.example"),
        ("AZURE_STORAGE_ACCOUNT", "other"), ("AZURE_CLIENT_ID", "other"), ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"), ("AzureWebJobsStorage", "other"),
        ("ASPNETCORE_URLS", "http://0.0.0.0:1"), ("ASPNETCORE_HTTP_PORTS", "1"), ("ASPNETCORE_ENVIRONMENT", "Nowhere"), ("ASPNETCORE_PATHBASE", "/other"),
        ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Missing"), ("DOTNET_ENVIRONMENT", "Nowhere"), ("DOTNET_URLS", "http://0.0.0.0:1"), ("URLS", "http://0.0.0.0:1"), ("PORT", "1"),
        ("DOTNET_gcServer", "1"), ("DOTNET_ReadyToRun", "1"), ("Logging__LogLevel__Default", "Trace"), ("WEBSITE_SITE_NAME", "other"), ("Clipia__ApiKey", "other"),
        ("NODE_OPTIONS", "--require /missing.js"), ("NODE_PATH", "/missing"), ("npm_config_prefix", "/missing"),
    ];
}
