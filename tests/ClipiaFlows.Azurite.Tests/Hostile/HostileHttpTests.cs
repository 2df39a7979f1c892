using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Hostile;

/// <summary>The app's HTTP side against those who break HTTP, hold on to it, or send without end.</summary>
[Collection(BesiegedStackUsers.Name)]
public sealed partial class HostileHttpTests(BesiegedStackFixture besieged, ITestOutputHelper output) : IDisposable
{
    // As many of ten thousand as the machine lets one process open.
    private static readonly int Connections = Math.Min(10_000, MostOpenFiles() - 1_000);
    private const int UnfinishedBodies = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new() { Timeout = Patience };

    private RunningStack Stack => besieged.Running;

    private int Port => Stack.Local.AppUrl.Port;

    public void Dispose() => _http.Dispose();

    [Fact]
    public Task Requests_ThatBreakHttpOrItsLimits_GetAClientErrorOrAClosedConnection() => besieged.WhileACampaignRunsAsync(async batch =>
    {
        var long1 = new string('a', 1_000_000);
        (string Name, string Request)[] requests =
        [
            ("no HTTP", "\x16\x03\x01\x02\0"),
            ("another protocol", "SSH-2.0-x\r\n\r\n"),
            ("HTTP/9", "GET /api/health HTTP/9.9\r\nHost: x\r\n\r\n"),
            ("a zero byte in the line", "GET /api/\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("no host", "GET /api/health HTTP/1.1\r\n\r\n"),
            ("two hosts", "GET /api/health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
            ("a method of ours", Get("/api/health").Replace("GET", "BREW", StringComparison.Ordinal)),
            ("a method without end", long1),
            ("a long address", Get($"/api/batches/{long1}")),
            ("a long query", Get($"/api/batches?name={long1}")),
            ("a long header", Get("/api/health", $"X-Long: {long1}")),
            ("many headers", Get("/api/health", string.Join("\r\n", Enumerable.Range(0, 1000).Select(n => $"X-{n}: 1")))),
            ("a header without a colon", Get("/api/health", "nonsense")),
            ("a header with a zero byte", Get("/api/health", "X-Zero: a\0b")),
            ("a folded header", Get("/api/health", "X-Fold: a\r\n b")),
            ("a bad length", Post("Content-Length: -1")),
            ("a length that is none", Post("Content-Length: many")),
            ("a length beyond 64 bits", Post("Content-Length: 99999999999999999999")),
            ("two lengths", Post("Content-Length: 2\r\nContent-Length: 3", "{}")),
            ("length and chunks", Post("Content-Length: 5\r\nTransfer-Encoding: chunked", "zz\r\n")),
            ("chunks that are none", Post("Transfer-Encoding: chunked", "zz\r\n")),
            ("a chunk larger than memory", Post("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFF\r\n")),
            ("an unknown coding", Post("Transfer-Encoding: gzip", "x")),
            ("an announced terabyte", Post("Content-Length: 1099511627776", "{")),
            ("a manifest of 100 MB", Post($"Content-Length: {100 * 1024 * 1024}", "{")),
            ("a body of 200 MB for the webhook", Post($"Content-Length: {200 * 1024 * 1024}", "{", "/api/webhooks/clipia/j-a-1-1/x")),
            ("percent nonsense", Get("/api/batches/%ZZ")),
            ("a percent zero", Get("/api/batches/%00")),
            ("percent bytes that are no text", Get("/api/batches/%FF%FE")),
            ("upwards", Get("/api/batches/../../../../etc/passwd")),
            ("upwards, hidden", Get($"/api/batches/{batch}/outputs/..%2f..%2f..%2fetc%2fpasswd")),
            ("upwards, hidden twice", Get($"/api/batches/{batch}/outputs/%252e%252e/%252e%252e/x")),
            ("upwards, the other way", Get($@"/api/batches/{batch}/outputs/..\..\x")),
            ("upwards in an id", Get("/api/batches/..%2f..%2fx/outputs/y.png")),
            ("upwards in a receipt", Get($"/api/batches/{batch}/receipt/..%2f..%2fplans%2f{batch}.jsonl")),
            ("the plan as an output", Get($"/api/batches/{batch}/outputs/../../plans/{batch}.jsonl")),
            ("an id with a quote", Get("/api/batches/x'%20or%20PartitionKey%20ne%20'/jobs")),
            ("a filter with a quote", Get("/api/batches?state=x'%20or%20true")),
            ("a limit that is none", Get("/api/batches?limit=-1")),
            ("a limit beyond all", Get("/api/batches?limit=99999999999999")),
            ("a job that is none", Get($"/api/batches/{batch}/jobs/{new string('%', 3)}")),
            ("an operation that is none", Get($"/api/batches/{batch}/operations/..%2fx")),
            ("a long Idempotency-Key", Post($"Idempotency-Key: {new string('k', 300)}\r\nContent-Length: 2", "{}")),
            ("a plan that is none", Post("If-Match: \"nonsense\"\r\nContent-Length: 2", "{}")),
            ("a command that is no JSON", Post("Content-Length: 1", "{", $"/api/batches/{batch}/resume")),
            ("a command 10,000 deep", Post("Content-Length: 10000", new string('[', 10_000), $"/api/batches/{batch}/retry")),
            ("a command of a wrong type", Post("Content-Length: 21", """{"budgetCredits":"x"}""", $"/api/batches/{batch}/resume")),
            ("a command of 2 MB", Post($"Content-Length: {2 * 1024 * 1024}", "{", $"/api/batches/{batch}/cancel")),
            ("a page of another site", Post("Sec-Fetch-Site: cross-site\r\nContent-Length: 0", "", $"/api/batches/{batch}/cancel")),
            ("a blob upwards", Post("Content-Length: 31", """{"manifestBlob":"../../secrets"}"""[..31])),
        ];
        foreach (var (name, request) in requests)
        {
            var answer = await ExchangeAsync(request);
            Assert.True(Refusal().IsMatch(answer), $"{name}: {answer[..Math.Min(answer.Length, 300)]}");
            await IsHealthyAsync();
        }
    });

    /// <summary>Slow headers, slow bodies, silence: each holds a connection, none of them for long, and nobody else waits.</summary>
    [Fact]
    public Task Connections_ThatNeverFinish_AreClosedWhileOthersAreServed() => besieged.WhileACampaignRunsAsync(async _ =>
    {
        string[] starts =
        [
            "GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            Post("Content-Length: 1000000", "{\"jobs\":["),
            Post("Transfer-Encoding: chunked", "5\r\n{\"job"),
            Post("Content-Length: 10000", "{", "/api/webhooks/clipia/j-a-1-1/x"),
        ];
        using var end = new CancellationTokenSource(Patience);
        var slow = Enumerable.Range(0, 200).Select(n => DripAsync(starts[n % starts.Length], end.Token)).ToArray();
        while (!Task.WhenAll(slow).IsCompleted)
        {
            await IsHealthyAsync();
            await Task.Delay(500);
        }

        Assert.All(await Task.WhenAll(slow), closed => Assert.True(closed));
    });

    [Fact]
    public Task Connections_TenThousandAtOnce_LeaveTheAppServing() => besieged.WhileACampaignRunsAsync(async batch =>
    {
        await HoldAsync(Connections, "GET /api/health HTTP/1.1\r\nX: ", every: 10, async () =>
            Assert.Equal(BesiegedStackFixture.Jobs, (await Stack.App.GetBatchAsync(batch, CancellationToken.None)).Jobs.Total));
        output.WriteLine($"{Connections} connections: the app had at most {besieged.PeakMemoryMegabytes()} MB.");

        // Bodies that stop just before their end hold a connection each, and no memory.
        await HoldAsync(UnfinishedBodies, Post("Content-Length: 900000", new string(' ', 890_000)), every: 1, () => Task.CompletedTask);
        output.WriteLine($"{UnfinishedBodies} unfinished bodies: the app had at most {besieged.PeakMemoryMegabytes()} MB.");
    });

    /// <summary>Bodies in chunks that never end, several at once: cut off at the cap of each function.</summary>
    [Fact]
    public Task Bodies_WithoutEnd_AreCutOff() => besieged.WhileACampaignRunsAsync(async _ =>
    {
        foreach (var (path, atOnce) in new[] { ("/api/batches", 6), ("/api/webhooks/clipia/j-a-1-1/x", 30), ("/api/batches/x-y-z/cancel", 30) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => FloodAsync(path)));

            Assert.All(answers, answer => Assert.Matches("^(HTTP/1.1 413 .*)?$", answer.Split("\r\n")[0]));
            await IsHealthyAsync();
            output.WriteLine($"{atOnce} endless bodies for {path}: the app had at most {besieged.PeakMemoryMegabytes()} MB.");
        }
    });

    private static int MostOpenFiles()
    {
        var limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], out var most) ? most : int.MaxValue;
    }

    private static string Get(string path, string headers = "X-Test: 1") => $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n\r\n";

    private static string Post(string headers, string body = "", string path = "/api/batches") =>
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}";

    private async Task IsHealthyAsync()
    {
        using var health = await _http.GetAsync(new Uri(Stack.Local.AppUrl, "api/health"));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    /// <summary>Opens connections, says something on some of them, and looks after the app before they are closed.</summary>
    private async Task HoldAsync(int count, string said, int every, Func<Task> meanwhile)
    {
        List<Socket> sockets = [];
        try
        {
            while (sockets.Count < count)
                sockets.AddRange(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ConnectAsync())));
            var bytes = Encoding.Latin1.GetBytes(said);
            foreach (var socket in sockets.Where((_, n) => n % every == 0))
                await socket.SendAsync(bytes);
            await IsHealthyAsync();
            await meanwhile();
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        await IsHealthyAsync();
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return socket;
    }

    /// <summary>Sends bytes and reads until the app closes.</summary>
    private async Task<string> ExchangeAsync(string request)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var socket = await ConnectAsync();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        }
        catch (SocketException)
        {
            // Refused before it was sent whole.
        }

        return await ReadAsync(socket, limit.Token);
    }

    /// <summary>A byte a second, until the app has had enough.</summary>
    private async Task<bool> DripAsync(string start, CancellationToken cancellation)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(start), cancellation);
        var closed = ReadAsync(socket, cancellation);
        try
        {
            while (!closed.IsCompleted)
            {
                await socket.SendAsync("a"u8.ToArray(), cancellation);
                await Task.WhenAny(closed, Task.Delay(1000, cancellation));
            }
        }
        catch (SocketException)
        {
            // Closed while sending.
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await closed;
        return true;
    }

    private async Task<string> FloodAsync(string path)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(Post("Transfer-Encoding: chunked", "", path)), limit.Token);
        var answer = ReadAsync(socket, limit.Token);
        var chunk = Encoding.Latin1.GetBytes("10000\r\n" + new string(' ', 65_536) + "\r\n");
        try
        {
            while (!answer.IsCompleted)
                await socket.SendAsync(chunk, limit.Token);
        }
        catch (SocketException)
        {
            // Closed while sending.
        }

        return await answer;
    }

    /// <summary>Everything until the other side closes or resets.</summary>
    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellation)
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

    [GeneratedRegex(@"^$|^HTTP/1\.1 (4\d\d|501|505) ")]
    private static partial Regex Refusal();
}
