using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("local-process-").FullName;

    public ProcessTests() => File.WriteAllText(Path.Combine(_directory, "host.json"), """{ "version": "2.0" }""");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Process_Terminated_EndsGracefully()
    {
        using var app = Run();
        await AddressAsync(app);

        using (var kill = Process.Start("kill", ["-TERM", app.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        Assert.Equal((0, ""), await EndAsync(app));
    }

    [Fact]
    public async Task Process_InputCloses_EndsGracefully()
    {
        using var app = Run("--LocalRuntime:ExitWhenInputCloses=true");
        await AddressAsync(app);

        app.StandardInput.Close();

        Assert.Equal((0, ""), await EndAsync(app));
    }

    [Fact]
    public async Task Process_Killed_GoesOnAfterTheNextStart()
    {
        using var http = new HttpClient();
        using var first = Run();
        var address = await AddressAsync(first);
        await http.GetStringAsync($"{address}/api/start/x");
        // Instances of the same activity pool run in order: the second start's answer means that the first one is stored.
        await http.GetStringAsync($"{address}/api/start/y");
        Assert.Equal($"Completed {first.Id}", await http.GetStringAsync($"{address}/api/finish/y"));
        first.Kill();
        await EndAsync(first);

        using var second = Run();
        address = await AddressAsync(second);

        var answer = await http.GetStringAsync($"{address}/api/finish/x");
        Assert.Contains(answer, new[] { $"Completed {first.Id}", $"Completed {second.Id}" });
        second.Kill();
        await EndAsync(second);
    }

    [Fact]
    public async Task Process_PortInUse_ExitsWithOneSentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        using var app = Run("--port", ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        var (code, error) = await EndAsync(app);

        Assert.Equal(1, code);
        Assert.StartsWith("error: Port ", error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private Process Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", typeof(AppProgram).Assembly.Location, "--LocalRuntime:Port=0" },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task<string> AddressAsync(Process app)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await app.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("http://", StringComparison.Ordinal))
                return line[line.IndexOf("http://", StringComparison.Ordinal)..].Split("/api/")[0];
        }

        throw new InvalidOperationException(await app.StandardError.ReadToEndAsync(limit.Token));
    }

    private static async Task<(int Code, string Error)> EndAsync(Process app)
    {
        using var limit = new CancellationTokenSource(Patience);
        var error = await app.StandardError.ReadToEndAsync(limit.Token);
        await app.WaitForExitAsync(limit.Token);
        return (app.ExitCode, error);
    }
}
