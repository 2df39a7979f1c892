using Clipia.Emulator;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.NodeClients;

/// <summary>The emulator as clients see it that share no code with it: each script checks what it gets and says "ok".</summary>
public sealed class NodeClientTests
{
    private const string LiveKey = "clipia_live_nodeclients0123456789";
    private const string TestKey = "clipia_test_nodeclients0123456789";
    private const string Secret = "whsec_nodeclients";
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "NodeClients");

    /// <summary>The TypeScript SDK of the Model Context Protocol: three header schemes, eight tools, error results.</summary>
    [Fact]
    public async Task Mcp_OfficialTypeScriptClient_ListsAndCallsTheEightTools()
    {
        var packages = await new NpmInstall("node-clients", NpmInstall.UserCache, Scripts).EnsureAsync();
        await using var emulator = await StartAsync();

        await RunAsync("mcp.mjs", packages, emulator.BaseUrl.GetLeftPart(UriPartial.Authority), LiveKey);
    }

    /// <summary>The OpenAPI document passes a linter, and every answer has the status, headers and shape that it promises.</summary>
    [Fact]
    public async Task OpenApi_Document_PassesTheLinterAndDescribesTheAnswers()
    {
        var packages = await new NpmInstall("node-clients", NpmInstall.UserCache, Scripts).EnsureAsync();
        await using var emulator = await StartAsync();

        await RunAsync("openapi.mjs", packages, emulator.BaseUrl.GetLeftPart(UriPartial.Authority), LiveKey, TestKey);
    }

    /// <summary>Every call of the JavaScript client (section 13 of the contract), its polling and its webhook check.</summary>
    [Fact]
    public async Task Api_JavaScriptClient_RunsEveryCall()
    {
        await using var emulator = await StartAsync();

        await RunAsync("calls.mjs", emulator.BaseUrl.GetLeftPart(UriPartial.Authority), LiveKey, TestKey, Secret);

        using var http = new HttpClient { BaseAddress = emulator.BaseUrl };
        var calls = await http.GetStringAsync("/_local/calls");
        foreach (var route in new[] { "{slug}", "{slug}/estimate", "{request_id}/status", "{request_id}", "/v1/account" })
            Assert.Contains(route, calls, StringComparison.Ordinal);
    }

    private static Task<EmulatorApi> StartAsync() => EmulatorApi.StartAsync(new()
    {
        LiveKey = LiveKey,
        TestKey = TestKey,
        WebhookSecret = Secret,
        ImageSeconds = 1,
        VideoSeconds = 1,
        RequestsPerMinute = 100_000,
    });

    private static async Task RunAsync(string script, params string[] arguments)
    {
        await NodePrograms.CheckAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var (exitCode, output) = await NodePrograms.RunAsync(NodePrograms.Node, Scripts, [Path.Combine(Scripts, script), .. arguments], patience.Token);

        Assert.True(exitCode == 0 && output.TrimEnd().EndsWith("ok", StringComparison.Ordinal), output);
    }
}
