using System.Diagnostics;

namespace ClipiaFlows.Cli.Stack;

/// <summary>
/// A program started by the command. It ends when its standard input does, so the death of this process, however sudden,
/// is its end too. What it prints goes to a log file; the last lines of its standard error are kept for messages.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptErrorLines = 12;
    private const int ExitCodeOfSigkill = 128 + 9;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _lastErrors = new();
    private bool _stopping;

    private ChildProcess(string name, Process process, StreamWriter log) => (Name, _process, _log) = (name, process, log);

    /// <summary>What the part is called in messages.</summary>
    public string Name { get; }

    /// <summary>The operating system's id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>True once the process is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>True when somebody else killed it (SIGKILL), as running out of memory does too.</summary>
    public bool WasKilled => !_stopping && _process.HasExited && _process.ExitCode == ExitCodeOfSigkill;

    /// <summary>Starts `dotnet exec` of a built program with what is left of the environment and settings in it.</summary>
    public static ChildProcess StartDotnet(
        string name, string assembly, Action<ProcessStartInfo> leaveEnvironment, IReadOnlyDictionary<string, string> settings,
        string workingDirectory, string logFile)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, ["exec", assembly])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        leaveEnvironment(start);
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        var log = new StreamWriter(PrivateFolder.OpenFile(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var process = Process.Start(start) ?? throw new StackException($"{name} could not be started.");
        var child = new ChildProcess(name, process, log);
        child.ReadOutput();
        return child;
    }

    /// <summary>Throws, with the last lines of its standard error, when the process has ended by itself.</summary>
    public void ThrowIfDead()
    {
        if (!_stopping && _process.HasExited)
        {
            throw new StackException(Obituary());
        }
    }

    /// <summary>Closes its input, waits for a graceful end, and kills it when that takes longer than ten seconds.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends the process at once (SIGKILL), as a crash would.</summary>
    public async Task KillAsync()
    {
        _stopping = true;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
        lock (_lastErrors)
        {
            _log.Dispose();
        }
    }

    private void ReadOutput()
    {
        _process.OutputDataReceived += (_, line) => Write(line.Data, isError: false);
        _process.ErrorDataReceived += (_, line) => Write(line.Data, isError: true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Write(string? line, bool isError)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastErrors)
        {
            if (isError)
            {
                _lastErrors.Enqueue(line);
                while (_lastErrors.Count > KeptErrorLines)
                {
                    _lastErrors.Dequeue();
                }
            }

            if (_log.BaseStream.CanWrite)
            {
                _log.WriteLine(line);
            }
        }
    }

    private string Obituary()
    {
        // Waiting with a limit does not wait for the last lines in the pipes; this does. A child of the dead may hold them open.
        _process.WaitForExitAsync().Wait(LastWords);
        lock (_lastErrors)
        {
            var said = _lastErrors.Count == 0 ? " without a word on standard error." : ":\n  " + string.Join("\n  ", _lastErrors);
            return $"The {Name} ended by itself with exit code {_process.ExitCode}{said}";
        }
    }
}
