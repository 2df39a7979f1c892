using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using ClipiaFlows.Cli.Stack;
using Tests.Support.Http;

namespace ClipiaFlows.Azurite.Tests.Stack;

public sealed class AzuriteProcessTests
{
    [Fact]
    public async Task StartAsync_NoPortsGiven_AllThreeServicesAnswerOnPortsOfTheirOwn()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        using var http = new HttpClient();

        foreach (var endpoint in new[] { azurite.BlobEndpoint, azurite.QueueEndpoint, azurite.TableEndpoint })
        {
            using var answer = await http.GetAsync(new Uri($"{endpoint}?comp=list"));
            Assert.Contains("Azurite", answer.Headers.Server.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains($"TableEndpoint={azurite.TableEndpoint};", azurite.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", 421, "Host: evil.example")]
    [InlineData("GET", 421, "Host: 127.0.0.1.evil.example:PORT")]
    [InlineData("PUT", 421, "Host: evil.example:PORT")]
    [InlineData("GET", 421, "Host: 127.1")]
    [InlineData("POST", 403, "Host: 127.0.0.1:PORT", "Origin: http://evil.example")]
    [InlineData("OPTIONS", 403, "Host: 127.0.0.1:PORT", "Origin: null", "Access-Control-Request-Method: PUT")]
    [InlineData("GET", 0, "Host: 127.0.0.1:PORT")]
    [InlineData("GET", 0, "Host: localhost:PORT")]
    [InlineData("GET", 0, "Host: [::1]")]
    [InlineData("POST", 0, "Host: devstoreaccount1.blob.localhost")]
    public async Task Request_UnderAnotherNameOrFromAnotherOrigin_IsRefusedBeforeAzurite(string method, int refused, params string[] headers)
    {
        var azurite = await SharedAzurite.Running;

        foreach (var endpoint in new[] { azurite.BlobEndpoint, azurite.QueueEndpoint, azurite.TableEndpoint })
        {
            var lines = headers.Select(line => line.Replace("PORT", $"{endpoint.Port}", StringComparison.Ordinal));
            var status = await RawRequest.StatusAsync(endpoint.Port, [$"{method} {endpoint.AbsolutePath}?comp=list HTTP/1.1", .. lines, "Content-Length: 0"]);
            // Azurite itself has no status 421, and misses the signature with 403.
            Assert.True(refused == 0 ? status is not (0 or 421) : status == refused, $"{endpoint}: {status}");
        }
    }

    [Fact]
    public async Task StartAsync_PortInUse_SaysWhichOne()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<StackException>(() => AzuriteProcess.StartAsync(new() { QueuePort = port }));

        Assert.Equal($"Azurite cannot listen on 127.0.0.1:{port}: another program uses that port.", refused.Message);
    }

    [Fact]
    public async Task StartAsync_FolderInUse_SaysSo()
    {
        using var folder = new TemporaryFolder();
        await using var first = await AzuriteProcess.StartAsync(new() { DataDirectory = folder.Path });

        var refused = await Assert.ThrowsAsync<StackException>(
            () => AzuriteProcess.StartAsync(new() { DataDirectory = folder.Path }));

        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_WithDataDirectory_KeepsWhatWasStored()
    {
        using var folder = new TemporaryFolder();
        var container = SharedAzurite.NewContainerName();
        await using (var before = await AzuriteProcess.StartAsync(new() { DataDirectory = folder.Path }))
            await new BlobContainerClient(before.ConnectionString, container).CreateAsync();

        await using var after = await AzuriteProcess.StartAsync(new() { DataDirectory = folder.Path });

        Assert.True(await new BlobContainerClient(after.ConnectionString, container).ExistsAsync());
    }

    [Fact]
    public async Task Launcher_OwnerKilled_EndsAndLeavesTheFolder()
    {
        using var folder = new TemporaryFolder();
        var install = new AzuriteInstall();
        var script = await install.EnsureAsync();

        // A sleeping process stands for the owner: it holds the other end of Azurite's standard input.
        const string command = "sh -c 'echo $$ >owner; exec sleep 600' | exec node \"$0\" \"$1\" --location \"$2\" " +
            "--silent --disableTelemetry --blobPort 0 --queuePort 0 --tablePort 0";
        using var azurite = NodePrograms.Start("/bin/sh", folder.Path, ["-c", command, install.Launcher, script, folder.Path]);
        while (await azurite.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Table service is successfully"))
            Assert.False(azurite.HasExited);

        using var owner = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "owner"))));
        owner.Kill();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await azurite.WaitForExitAsync(limit.Token);
        Assert.Equal(0, azurite.ExitCode);
        Assert.False(File.Exists(Path.Combine(folder.Path, "azurite.pid")));
    }
}
