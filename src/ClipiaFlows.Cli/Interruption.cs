using System.Globalization;
using System.Runtime.InteropServices;

namespace ClipiaFlows.Cli;

/// <summary>
/// Ctrl-C, Ctrl-\, SIGTERM and a closed terminal (SIGHUP) as a token, so that children are stopped in order and temporary folders
/// are removed before the process ends.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static volatile bool _hasHungUp;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interruption()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
            _registrations.Add(PosixSignalRegistration.Create(signal, Cancel));
        // Under nohup it is to survive its terminal.
        if (!IgnoresHangUp())
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel));
    }

    /// <summary>True when the terminal was closed: nobody reads what is written.</summary>
    public static bool HasHungUp => _hasHungUp;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        _hasHungUp |= context.Signal is PosixSignal.SIGHUP;
        _source.Cancel();
    }

    private static bool IgnoresHangUp()
    {
        const string Status = "/proc/self/status";
        const string Field = "SigIgn:";
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ignored)
            && (ignored & 1) != 0;
    }
}
