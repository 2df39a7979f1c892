using System.Diagnostics;
using System.Text;
using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Stack;
using Microsoft.AspNetCore.Builder;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>The command on a terminal of its own (Linux, <c>script</c>), where it can ask and be answered.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _screen = new();
    private readonly Process _script;
    private readonly Task _pump;

    private TerminalSession(WebApplication app, string shell)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"stty rows 40 cols 120; {shell}", "/dev/null"])
        {
            WorkingDirectory = _folder.Path, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        FakeApp.Variables(app)(start.Environment);
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["CLI"] = typeof(CommandLine).Assembly.Location;
        start.Environment["DOTNET"] = DotnetHost.Path;
        _script = Process.Start(start)!;
        _pump = PumpAsync();
    }

    /// <summary>All that was on the screen.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
                return _screen.ToString();
        }
    }

    /// <summary>Starts a line of the shell in which <c>cli</c> is the command.</summary>
    public static TerminalSession Start(WebApplication app, string shell) => new(app, $"cli() {{ \"$DOTNET\" exec \"$CLI\" \"$@\"; }}; {shell}");

    /// <summary>Waits until something is on the screen.</summary>
    public Task ShowsAsync(string text) => Eventually.TrueAsync(
        () => Screen.Contains(text, StringComparison.Ordinal), Limit, () => $"'{text}' is not on the screen: {Screen}");

    public async Task TypeAsync(string keys)
    {
        await _script.StandardInput.WriteAsync(keys);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _script.WaitForExitAsync(limit.Token);
        await _pump.WaitAsync(limit.Token);
        return _script.ExitCode;
    }

    public void Dispose()
    {
        if (!_script.HasExited)
            _script.Kill(entireProcessTree: true);
        _script.Dispose();
        _folder.Dispose();
    }

    private async Task PumpAsync()
    {
        var buffer = new char[4096];
        while (await _script.StandardOutput.ReadAsync(buffer) is > 0 and var length)
        {
            lock (_screen)
                _screen.Append(buffer, 0, length);
        }
    }
}
