using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Clipia.Tests.Emulator;

/// <summary>What no well-behaved client sends, written to the socket by hand. The emulator answers with the envelope and goes on.</summary>
public sealed class HostileRequestTests
{
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/favicon.ico")]
    [InlineData("GET", "/v2/models")]
    [InlineData("GET", "/media/none.png")]
    [InlineData("GET", "/media/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("GET", "/_local/nothing")]
    [InlineData("GET", "/_local/requests?limit=many")]
    [InlineData("PUT", "/_local/keys")]
    [InlineData("POST", "/_local/keys")]
    [InlineData("POST", "/_local/credits")]
    [InlineData("POST", "/openapi.json")]
    [InlineData("DELETE", "/mcp")]
    public async Task Call_NoRouteOrWrongMethod_AnswersTheEnvelope(string method, string path)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        using var response = await emulator.Local.Http.SendAsync(new(new(method), path));
        if (path == "/")
        {
            Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            return;
        }

        var answer = await Answer.ReadAsync(response);
        Assert.InRange(answer.Status, 400, 499);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(answer.Code + answer.Body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(2 * 1024 * 1024, true)]
    [InlineData(10 * 1024 * 1024, true)]
    [InlineData(10 * 1024 * 1024, false)]
    public async Task Post_HugeBody_AnswersTheEnvelopeToASenderThatReadsLast(int size, bool announced)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        foreach (var path in new[] { "/v1/models/sora-2", "/v1/models/sora-2/estimate", "/mcp" })
        {
            using var content = new ByteArrayContent(new byte[size]);
            if (!announced)
                content.Headers.ContentLength = null;
            var answer = await emulator.Live.SendAsync(HttpMethod.Post, path, content);
            Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        }
        Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);
    }

    [Theory]
    [InlineData("{\"input\":{\"prompt\":\"a\",\"x\":{0}}}", '{')]
    [InlineData("{\"input\":{\"prompt\":\"a\",\"x\":{0}}}", '[')]
    [InlineData("{0}", '[')]
    public async Task Post_HundredThousandLevels_AnswersTheEnvelope(string body, char bracket)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var open = bracket == '{' ? "{\"a\":" : "[";
        var deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + new string(bracket == '{' ? '}' : ']', 100_000);

        foreach (var path in new[] { "/v1/models/sora-2", "/mcp", "/_local/keys", "/_local/scenarios" })
        {
            var answer = await emulator.Live.PostAsync(path, body.Replace("{0}", deep, StringComparison.Ordinal));
            Assert.Equal(400, answer.Status);
            Assert.NotNull(answer.Code);
        }
    }

    [Theory]
    [InlineData("""{"input":{"prompt":"a","\ud800":1}}""")]
    [InlineData("""{"input":{"prompt":"a"},"\udc00":1}""")]
    [InlineData("""{"input":{"prompt":"\ud800"}}""")]
    public async Task Post_HalfASurrogatePairInANameOrAString_AnswersTheEnvelope(string body)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        foreach (var path in new[] { "/v1/models/sora-2", "/v1/models/sora-2/estimate" })
        {
            var answer = await emulator.Live.PostAsync(path, body);
            Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1", "Host: 127.0.0.1:99999\r\n")]
    [InlineData("HTTP/1.0", "")]
    public async Task Submit_HostThatIsNoAddress_IsAnsweredAndAnnouncedWithTheEmulatorsOwn(string version, string host)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();
        using var socket = await ConnectAsync(emulator);
        var body = $$"""{"input":{"prompt":"a"},"webhook_url":"{{receiver.Url}}"}""";

        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/models/flux-2-pro {version}\r\n{host}X-Api-Key: {emulator.Api.LiveKey}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answer = await DrainAsync(socket, patience.Token);
        emulator.Time.Advance(20);
        await receiver.CountAsync(1);

        Assert.Contains($"\"response_url\":\"{emulator.Api.BaseUrl}v1/requests/", answer);
        Assert.StartsWith(
            emulator.Api.BaseUrl.ToString(),
            receiver.Received[0].Body.GetProperty("payload").GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task Get_WithABody_IsAnsweredAndTheConnectionGoesOn()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var socket = await ConnectAsync(emulator);

        await SendAsync(socket, emulator, "GET /v1/account HTTP/1.1", "Content-Length: 14\r\n", """{"input":"no"}""");
        Assert.Equal(200, (await ReadAsync(socket)).Status);
        await SendAsync(socket, emulator, "GET /v1/requests/none HTTP/1.1", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n");
        Assert.Equal((404, "not_found"), await ReadAsync(socket));
    }

    [Fact]
    public async Task Post_BodyOneByteASecond_IsCutOffWhileOthersAreServed()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var slow = await ConnectAsync(emulator);
        await SendAsync(slow, emulator, "POST /v1/models/sora-2 HTTP/1.1", "Content-Length: 1000\r\n", "{");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = ReadAsync(slow);

        while (!answer.IsCompleted)
        {
            Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);
            try
            {
                await slow.SendAsync(" "u8.ToArray(), patience.Token);
            }
            catch (SocketException)
            {
                break;
            }
            await Task.WhenAny(answer, Task.Delay(1000, patience.Token));
        }

        Assert.Equal((400, "invalid_request"), await answer);
        Assert.Equal(0, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
    }

    [Fact]
    public async Task Connections_ThatNeverFinishTheirHeaders_AreClosed()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var sockets = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ConnectAsync(emulator)));
        try
        {
            foreach (var socket in sockets)
                await socket.SendAsync("POST /v1/models/sora-2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:"u8.ToArray());
            Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a"}""")).Status);

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await Task.WhenAll(sockets.Select(socket => DrainAsync(socket, patience.Token)));
        }
        finally
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }
        Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);
    }

    [Theory]
    [InlineData("GET /v1/models/%ZZ HTTP/1.1")]
    [InlineData("GET /v1/models/%00 HTTP/1.1")]
    [InlineData("GET /v1/models/%FF%FE HTTP/1.1")]
    [InlineData("GET //v1//models HTTP/1.1")]
    [InlineData("GET /v1/../v1/models/none HTTP/1.1")]
    [InlineData("GET http://127.0.0.1/v1/models/none HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("BREW /v1/models HTTP/1.1")]
    [InlineData("GET /v1/models HTTP/9.9")]
    [InlineData("GET\0/v1 HTTP/1.1")]
    [InlineData("\x16\x03\x01\x02")]
    public async Task RequestLine_OfAnyKind_IsAnsweredOrClosedAndOthersAreServed(string line)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var socket = await ConnectAsync(emulator);

        await SendAsync(socket, emulator, line, "Connection: close\r\n", "");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var text = await DrainAsync(socket, patience.Token);

        Assert.Matches(@"^$|^HTTP/1\.1 (4\d\d|505) ", text);
        Assert.Equal(200, (await emulator.Live.GetAsync("/v1/account")).Status);
    }

    private static async Task<Socket> ConnectAsync(EmulatorFixture emulator)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, emulator.Api.BaseUrl.Port);
        return socket;
    }

    private static async Task SendAsync(Socket socket, EmulatorFixture emulator, string line, string headers, string body) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes($"{line}\r\nHost: 127.0.0.1\r\nX-Api-Key: {emulator.Api.LiveKey}\r\n{headers}\r\n{body}"));

    /// <summary>One answer with a Content-Length.</summary>
    private static async Task<(int Status, string? Code)> ReadAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && text[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } length
                && text.Length - end - 4 >= int.Parse(length[16..], null))
            {
                using var json = JsonDocument.Parse(text[(end + 4)..]);
                var code = json.RootElement.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;
                return (int.Parse(text.Split(' ')[1], null), code);
            }
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.NotEqual(0, read);
            received.AddRange(buffer[..read]);
        }
    }

    /// <summary>Everything until the other side closes.</summary>
    private static async Task<string> DrainAsync(Socket socket, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Reset instead of closed.
        }
        return text.ToString();
    }
}
