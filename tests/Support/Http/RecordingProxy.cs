using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tests.Support.Http;

/// <summary>
/// An HTTP proxy on a real socket that remembers what it was asked for. It refuses addresses of this machine, tunnels
/// CONNECT for all others to one given port, and forwards nothing else.
/// </summary>
public sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly int? _tunnelTo;
    private readonly Task _accepting;

    /// <param name="tunnelTo">Port on 127.0.0.1 that every tunnel leads to; without it, tunnels are refused.</param>
    public RecordingProxy(int? tunnelTo = null)
    {
        _tunnelTo = tunnelTo;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Host and port of every request that arrived, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Those of them that are this machine's own.</summary>
    public IEnumerable<string> AskedForLoopback => _asked.Where(IsLoopback);

    /// <summary>The variables that name this proxy for everything, in every spelling.</summary>
    public IReadOnlyDictionary<string, string> Variables => new[] { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" }
        .ToDictionary(name => name, _ => Address.AbsoluteUri);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private static bool IsLoopback(string authority)
    {
        var host = authority[..authority.LastIndexOf(':')].Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(host, out var address)
            ? IPAddress.IsLoopback(address)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var served = client;
        try
        {
            var stream = client.GetStream();
            if (await ReadLineOfRequestAsync(stream) is not [var method, var target, ..])
                return;
            var authority = method == "CONNECT" ? target : AuthorityOf(new Uri(target));
            _asked.Enqueue(authority);
            if (method != "CONNECT" || _tunnelTo is not { } port || IsLoopback(authority))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {(IsLoopback(authority) ? "403 Forbidden" : "502 Bad Gateway")}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _closing.Token);
                return;
            }

            using var origin = new TcpClient();
            await origin.ConnectAsync(IPAddress.Loopback, port, _closing.Token);
            await stream.WriteAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray(), _closing.Token);
            await Task.WhenAny(stream.CopyToAsync(origin.GetStream(), _closing.Token), origin.GetStream().CopyToAsync(stream, _closing.Token));
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            // The caller or the test is done.
        }
    }

    private static string AuthorityOf(Uri address) => $"{address.Host}:{address.Port}";

    private async Task<string[]> ReadLineOfRequestAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _closing.Token) == 0)
                return [];
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]).Split('\r')[0].Split(' ');
    }
}
