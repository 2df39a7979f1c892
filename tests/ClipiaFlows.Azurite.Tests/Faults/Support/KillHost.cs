using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The app as a process that tells the boundaries it passes and dies at the one that it was told (tests/ClipiaFlows.KillHost).</summary>
internal sealed class KillHost : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _orders = new();
    private readonly Task _output;
    private readonly Task _errors;

    private KillHost(Process process)
    {
        _process = process;
        _output = ReadOutputAsync();
        _errors = ReadErrorsAsync();
    }

    /// <summary>Where the build put it, or what the environment variable KILL_HOST names: another build of it.</summary>
    public static string Assembly { get; } = Environment.GetEnvironmentVariable("KILL_HOST") is { Length: > 0 } other
        ? other
        : typeof(KillHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "KillHost").Value!;

    /// <summary>The boundaries passed since it was last armed, in order, such as <c>After POST $batch</c>.</summary>
    public ConcurrentQueue<string> Passed { get; } = new();

    public int Id => _process.Id;

    public bool IsGone => _process.HasExited;

    /// <summary>Whether it ended as it was told to, or was killed.</summary>
    public bool WasKilled => _process.HasExited && _process.ExitCode == 137;

    /// <summary>The last lines that it wrote.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts it and returns at once.</summary>
    /// <param name="settings">Environment variables.</param>
    /// <param name="folder">Where its state is.</param>
    /// <param name="assembly">Another build of it than the usual one, such as one with a fault put in.</param>
    /// <param name="killAt">The boundary at which it dies, counted from the start of the process; 0 for none, and it is not counted then.</param>
    public static KillHost Start(IReadOnlyDictionary<string, string> settings, string folder, string? assembly = null, int killAt = 0)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", assembly ?? Assembly])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        if (killAt > 0)
            start.Environment["KILL_AT"] = killAt.ToString(CultureInfo.InvariantCulture);
        return new KillHost(Process.Start(start)!);
    }

    /// <summary>Waits until it serves requests, or is gone.</summary>
    public Task ListeningAsync() => Task.WhenAny(_listening.Task, _process.WaitForExitAsync()).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Counts boundaries from 1, and dies at that one; 0 counts only.</summary>
    /// <returns>Whether it heard; a dead one does not.</returns>
    public Task<bool> ArmAsync(int fatal)
    {
        Passed.Clear();
        return OrderAsync($"arm {fatal}");
    }

    /// <summary>Dies at the first boundary of that name.</summary>
    /// <returns>Whether it heard.</returns>
    public Task<bool> ArmAtAsync(string name)
    {
        Passed.Clear();
        return OrderAsync($"at {name}");
    }

    /// <summary>Counts no longer, and dies of nothing.</summary>
    /// <returns>Whether it heard.</returns>
    public Task<bool> DisarmAsync() => OrderAsync("disarm");

    /// <summary>Sets its clock on.</summary>
    /// <returns>Whether it heard.</returns>
    public Task<bool> JumpAsync(TimeSpan by) => OrderAsync(string.Create(CultureInfo.InvariantCulture, $"jump {by.TotalSeconds}"));

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end and answers its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        await Task.WhenAll(_output, _errors);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _errors);
        _process.Dispose();
    }

    private async Task<bool> OrderAsync(string order)
    {
        var done = _orders.GetOrAdd(order, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _process.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // Nobody reads it any more.
            await _process.WaitForExitAsync();
        }

        await Task.WhenAny(done.Task, _process.WaitForExitAsync()).WaitAsync(TimeSpan.FromSeconds(60));
        _orders.TryRemove(order, out _);
        return done.Task.IsCompleted;
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("@ ", StringComparison.Ordinal))
                Passed.Enqueue(line[(line.IndexOf(' ', 2) + 1)..]);
            else if (line.StartsWith("! ", StringComparison.Ordinal))
                _orders.GetValueOrDefault(line[2..])?.TrySetResult();
            else
                Keep(line);
            if (line == "Functions:")
                _listening.TrySetResult();
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            Keep(line);
    }

    private void Keep(string line)
    {
        _log.Enqueue(line);
        if (_log.Count > 200)
            _log.TryDequeue(out _);
    }
}
