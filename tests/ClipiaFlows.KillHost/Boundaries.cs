using System.Diagnostics;
using ClipiaFlows.LocalRuntime.Durable.Storage;

namespace ClipiaFlows.KillHost;

/// <summary>
/// Counts the boundaries that the process passes, tells each on standard output as <c>@ 57 Before PUT …</c>, and ends the
/// process as kill -9 does at the one that was asked for.
/// </summary>
internal sealed class Boundaries
{
    private readonly Lock _gate = new();
    private bool _counts;
    private int _passed;
    private int _fatal;
    private string? _fatalName;

    /// <summary>Counts from 1 again.</summary>
    /// <param name="fatal">The boundary at which the process ends; 0 for none.</param>
    public void Arm(int fatal)
    {
        lock (_gate)
            (_counts, _passed, _fatal, _fatalName) = (true, 0, fatal, null);
    }

    /// <summary>Ends the process at the first boundary that is told so, such as <c>After PUT plans</c>.</summary>
    public void ArmAt(string name)
    {
        lock (_gate)
            (_counts, _passed, _fatal, _fatalName) = (true, 0, 0, name);
    }

    /// <summary>Counts no longer.</summary>
    public void Disarm()
    {
        lock (_gate)
            _counts = false;
    }

    /// <summary>Passes a boundary, or does not return.</summary>
    public void Pass(CommitPoint side, string what)
    {
        lock (_gate)
        {
            if (!_counts)
                return;
            var name = $"{side} {what}";
            Console.Out.WriteLine($"@ {++_passed} {name}");
            if (_passed != _fatal && name != _fatalName)
                return;
            Console.Out.Flush();
            Process.GetCurrentProcess().Kill();
            // Until the signal arrives nothing may go on.
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
