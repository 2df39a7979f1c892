using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Clipia;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

[Collection(SharedStackUsers.Name)]
public sealed class WebhookTrustTests(SharedStackFixture shared) : IAsyncLifetime, IDisposable
{
    private readonly RunningStack _stack = shared.Running;
    private readonly HttpClient _http = new();

    // The deliveries come from here only, so that what they do can be seen.
    public Task InitializeAsync() => _stack.Emulator.MisbehaveAsync(new { effect = "drop_webhook" });

    public Task DisposeAsync() => _stack.Emulator.BehaveAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Webhook_ForgedStaleOrMisdirected_IsRefusedOrHasNoEffect()
    {
        await _stack.Emulator.MisbehaveAsync(new { effect = "slow", factor = 15 });
        var accepted = await _stack.SubmitAsync(Campaigns.ImagesOnly(2));
        await _stack.WhenAsync(accepted.Id, jobs => jobs.Generating == 2);
        var requests = await RequestsAsync();
        var (mine, other) = (requests[0], requests[1]);
        var body = Failure(mine.Id);

        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(mine.Webhook, body, signature: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(mine.Webhook, body, Sign(body, "whsec_of_somebody_else")));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(mine.Webhook, body, Sign(body, age: TimeSpan.FromMinutes(6))));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(mine.Webhook + "x", body, Sign(body)));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(WithTokenOf(mine.Webhook, other.Webhook), body, Sign(body)));
        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(other.Webhook, body, Sign(body)));
        var after = await _stack.App.GetBatchAsync(accepted.Id, CancellationToken.None);
        Assert.Equal(2, after.Jobs.Generating);

        Assert.True((await _stack.FinishAsync(accepted.Id)).IsSuccess);
    }

    /// <summary>Over a socket, because the client library joins the lines of one header.</summary>
    [Theory]
    [InlineData(1, 202)]
    [InlineData(2, 202)]
    [InlineData(3, 202)]
    public async Task Webhook_SignatureLineSeveralTimes_IsAccepted(int lines, int status)
    {
        await _stack.Emulator.MisbehaveAsync(new { effect = "slow", factor = 15 });
        var accepted = await _stack.SubmitAsync(Campaigns.ImagesOnly(2));
        await _stack.WhenAsync(accepted.Id, jobs => jobs.Generating == 2);
        var address = new Uri((await RequestsAsync())[0].Webhook);
        // It is about nothing that waits here.
        var body = Failure("of-nobody");
        var line = $"X-Clipia-Signature: {Sign(body)}\r\n";

        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n{string.Concat(Enumerable.Repeat(line, lines))}\r\n"));
        await stream.WriteAsync(body);
        using var answer = new StreamReader(stream, Encoding.ASCII);

        Assert.StartsWith($"HTTP/1.1 {status} ", await answer.ReadLineAsync(), StringComparison.Ordinal);
        Assert.True((await _stack.FinishAsync(accepted.Id)).IsSuccess);
    }

    private static byte[] Failure(string request) => Encoding.UTF8.GetBytes(
        $$"""{"request_id":"{{request}}","status":"ERROR","error":{"code":"GENERATION_FAILED","message":"forged"} }""");

    private string Sign(byte[] body, string? secret = null, TimeSpan age = default) =>
        WebhookSignature.Sign(body, secret ?? _stack.Local.WebhookSecret, DateTimeOffset.UtcNow - age);

    private static string WithTokenOf(string address, string other) =>
        address[..(address.LastIndexOf('/') + 1)] + other[(other.LastIndexOf('/') + 1)..];

    private async Task<HttpStatusCode> DeliverAsync(string address, byte[] body, string? signature)
    {
        using var delivery = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        delivery.Content.Headers.ContentType = new("application/json");
        if (signature is not null)
            delivery.Headers.Add("X-Clipia-Signature", signature);
        using var answer = await _http.SendAsync(delivery);
        return answer.StatusCode;
    }

    private async Task<List<(string Id, string Webhook)>> RequestsAsync()
    {
        var all = await _stack.Emulator.GetAsync("requests");
        var list = all.ValueKind == JsonValueKind.Array ? all : all.GetProperty("requests");
        return [.. list.EnumerateArray().Take(2).Select(request => (request.GetProperty("request_id").GetString()!, request.GetProperty("webhook_url").GetString()!))];
    }
}
