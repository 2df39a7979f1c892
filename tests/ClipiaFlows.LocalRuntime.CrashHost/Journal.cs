namespace ClipiaFlows.LocalRuntime.CrashHost;

/// <summary>What the activities have done and the client was told, one line each, surviving the process.</summary>
public sealed class Journal(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _before = File.Exists(path) ? [.. File.ReadAllLines(path)] : [];
    private readonly StreamWriter _file = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };

    /// <summary>Begins a new line: the process before this one may have died within one.</summary>
    public void Begin() => Write();

    public void Write(params object[] words)
    {
        lock (_gate) _file.WriteLine(string.Join(' ', words));
    }

    /// <summary>Whether a process before this one wrote the line.</summary>
    public bool Had(string line) => _before.Contains(line);

    public void Dispose() => _file.Dispose();
}
