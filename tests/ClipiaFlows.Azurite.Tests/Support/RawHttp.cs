using System.Net.Sockets;
using System.Text;

namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>One request as it is written, and the answer as it comes: client libraries hide half of both.</summary>
internal sealed record RawHttp(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static async Task<RawHttp> SendAsync(Uri server, string method, string target, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        var head = string.Join("\r\n", [$"{method} {target} HTTP/1.1", $"Host: {server.Authority}", "Connection: close", .. headers, "", ""]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head));
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return Parse(answer.ToArray());
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    private static RawHttp Parse(byte[] answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(answer, 0, end).Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new(int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), headers, answer[(end + 4)..]);
    }
}
