using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Stack;
using Tests.Support.Http;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>The stack with a public name that leads to the app, as <c>dev --tunnel</c> starts it.</summary>
public sealed class TunnelTests
{
    private const int Unauthorized = 401;
    private const int Refused = 421;

    [Fact]
    public async Task Stack_BehindATunnel_IsAnsweredThereForWebhooksOnly()
    {
        await using var proxy = new RecordingProxy();
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions
        {
            Tunnel = new Uri("https://flows.example"),
            EmulatorSettings = new Dictionary<string, string> { ["Emulator__ImageSeconds"] = "0", ["https_proxy"] = proxy.Address.AbsoluteUri },
        });

        Assert.Equal(Unauthorized, await SendAsync(stack, "POST /api/webhooks/clipia/j-a-1-1/none HTTP/1.1", "Host: flows.example"));
        Assert.Equal(Unauthorized, await SendAsync(stack, "POST /api/webhooks/clipia/j-a-1-1/none HTTP/1.1", "Host: FLOWS.example:443"));
        foreach (var target in new[]
                 {
                     "/api/batches", "/api/batches?x=/api/webhooks/", "/api/dashboard", "/api/health", "/api/webhooks/../batches", "/api/webhooks/%2e%2e/batches", "/api/webhooksbatches", "/",
                 })
        {
            foreach (var method in new[] { "GET", "POST" })
                Assert.Equal((method, target, Refused), (method, target, await SendAsync(stack, $"{method} {target} HTTP/1.1", "Host: flows.example")));
        }

        // Deliveries are sent to the tunnel; the emulator asks the proxy for it.
        using var app = new AppClient(stack.AppUrl, key: null);
        await app.SubmitAsync(Campaigns.ImagesOnly(1), idempotencyKey: null, CancellationToken.None);
        await Eventually.TrueAsync(
            () => proxy.Asked.Contains("flows.example:443"), TimeSpan.FromMinutes(2), () => $"The proxy was asked for {string.Join(", ", proxy.Asked)}.");
    }

    private static Task<int> SendAsync(LocalStack stack, params string[] lines) => RawRequest.StatusAsync(stack.AppUrl.Port, [.. lines, "Content-Length: 0"]);
}
