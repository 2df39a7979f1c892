using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tests.Support.Http;

/// <summary>A request written to the socket as it is: client libraries repair what they are given.</summary>
public static class RawRequest
{
    /// <summary>Sends the lines of a request without a body, and reads the status of the answer; 0 when there is none.</summary>
    public static async Task<int> StatusAsync(int port, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", [.. lines, "Connection: close", "", ""])));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var first = await reader.ReadLineAsync();
        await reader.ReadToEndAsync();
        return first?.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0;
    }
}
