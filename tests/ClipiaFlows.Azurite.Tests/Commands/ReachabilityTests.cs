using System.Net;
using System.Net.Sockets;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class ReachabilityTests
{
    [Fact]
    public async Task Status_NothingListens_SaysHowToStartTheAppAndExitsWithThree()
    {
        var url = $"http://127.0.0.1:{PortThatNobodyUses()}";

        var result = await CliProcess.RunAsync(["status", "some-batch"], environment => environment["CLIPIAFLOWS_URL"] = url);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"Nothing answers at {url}", result.Errors, StringComparison.Ordinal);
        Assert.Contains("clipiaflows dev", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task Status_UrlGivenTwice_TheOptionWinsOverTheEnvironment()
    {
        var url = $"http://127.0.0.1:{PortThatNobodyUses()}";

        var result = await CliProcess.RunAsync(
            ["status", "some-batch", "--url", url], environment => environment["CLIPIAFLOWS_URL"] = "http://127.0.0.1:1");

        Assert.Contains(url, result.Errors, StringComparison.Ordinal);
    }

    private static int PortThatNobodyUses()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
