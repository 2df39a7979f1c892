using System.Diagnostics;
using System.Text;
using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>The command as a process of its own, in a folder of its own. Its descendants can be found by a mark in their environment.</summary>
internal sealed class CliProcess : IDisposable
{
    // The stack passes on few variables to what it starts; those with this prefix are among them.
    private const string MarkName = "XDG_CLIPIAFLOWS_TEST_MARK";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly string _mark = $"{MarkName}={Guid.NewGuid():N}";
    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task<string> _output;
    private readonly Task _errorPump;

    private CliProcess(string[] arguments, Action<IDictionary<string, string?>>? environment)
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(TemporaryFiles);
        string[] command = [DotnetHost.Path, "exec", typeof(CommandLine).Assembly.Location, .. arguments];

        // A test run in the background of a shell ignores SIGINT, and so would everything that it starts.
        if (OperatingSystem.IsLinux())
            command = ["/usr/bin/env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var mark = _mark.Split('=');
        start.Environment[mark[0]] = mark[1];
        start.Environment["TMPDIR"] = TemporaryFiles;
        start.Environment.Remove("CLIPIAFLOWS_URL");
        start.Environment.Remove("CLIPIAFLOWS_KEY");
        environment?.Invoke(start.Environment);
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errorPump = PumpErrorsAsync();
    }

    /// <summary>Where the command runs; also its home for relative paths.</summary>
    public string Folder => _folder.Path;

    /// <summary>What the command takes for the system's temporary folder.</summary>
    public string TemporaryFiles => Path.Combine(_folder.Path, "tmp");

    /// <summary>Standard input of the command.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public static CliProcess Start(params string[] arguments) => new(arguments, null);

    public static CliProcess Start(string[] arguments, Action<IDictionary<string, string?>> environment) => new(arguments, environment);

    /// <summary>Runs the command to its end.</summary>
    public static async Task<CliResult> RunAsync(string[] arguments, Action<IDictionary<string, string?>>? environment = null)
    {
        using var cli = new CliProcess(arguments, environment);
        return await cli.WaitAsync();
    }

    /// <summary>Waits for the end of the command.</summary>
    public async Task<CliResult> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        var output = await _output.WaitAsync(limit.Token);
        await _errorPump.WaitAsync(limit.Token);
        return new CliResult(_process.ExitCode, output, Errors);
    }

    /// <summary>Waits until the command has said something on standard error.</summary>
    public Task SaidAsync(string text) => Eventually.TrueAsync(
        () => Errors.Contains(text, StringComparison.Ordinal) || (_process.HasExited ? throw new InvalidOperationException(Errors) : false),
        Limit, () => $"It did not say '{text}' but: {Errors}");

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>True once the command handles SIGINT by itself (Linux).</summary>
    public bool CatchesInterruptions()
    {
        const string Field = "SigCgt:";
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return (Convert.ToUInt64(line[Field.Length..].Trim(), 16) & 0b10) != 0;
    }

    /// <summary>Ids of the processes that the command has started and that still run (Linux).</summary>
    public IReadOnlyList<int> Descendants() =>
        [.. from folder in Directory.EnumerateDirectories("/proc")
            where int.TryParse(Path.GetFileName(folder), out var id) && id != _process.Id && HasMark(folder)
            select int.Parse(Path.GetFileName(folder))];

    public Task NothingIsLeftAsync() => Eventually.TrueAsync(
        () => Descendants().Count == 0, TimeSpan.FromMinutes(1), () => $"Still running: {string.Join(", ", Descendants())}");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private bool HasMark(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ")).Contains(_mark, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task PumpErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
                _errors.AppendLine(line);
        }
    }
}

/// <summary>How the command ended and what it said.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Fails when a stack trace or a type name got through to the user.</summary>
    public void HasNoStackTrace()
    {
        Assert.DoesNotContain("   at ", Output + Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Output + Errors, StringComparison.Ordinal);
    }
}
