using System.Net;
using System.Net.Sockets;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class StartFailureTests
{
    [Fact]
    public async Task Dev_PortInUse_NamesPortAndPart()
    {
        using var other = new TcpListener(IPAddress.Loopback, LocalPorts.Fixed.App);
        try
        {
            other.Start();
        }
        catch (SocketException)
        {
            // Somebody else on this machine has it already, which serves as well.
        }

        var result = await CliProcess.RunAsync(["dev"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Port 7071, which the app needs, is in use by another program", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task Demo_NodeMissing_SaysSoInOneSentence()
    {
        using var empty = new TemporaryFolder();

        var result = await CliProcess.RunAsync(["demo"], environment => environment["PATH"] = empty.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Azurite needs Node.js 20 or later, but 'node' was not found on the PATH.", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task StartAsync_PartDiesEarly_ItsLastWordsAreInTheMessage()
    {
        var options = new LocalStackOptions { AppSettings = new Dictionary<string, string> { ["Clipia__ApiKey"] = "" } };

        var failure = await Assert.ThrowsAsync<StackException>(() => LocalStack.StartAsync(options));

        Assert.Contains("The app ended by itself", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ApiKey", failure.Message, StringComparison.Ordinal);
    }
}
