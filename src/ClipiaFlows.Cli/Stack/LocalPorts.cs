using System.Net;
using System.Net.Sockets;

namespace ClipiaFlows.Cli.Stack;

/// <summary>The five loopback ports of a local stack.</summary>
internal sealed record LocalPorts(int App, int Emulator, int Blob, int Queue, int Table)
{
    /// <summary>The ports of `dev`: those that Azure Functions Core Tools and Azurite are known by.</summary>
    public static LocalPorts Fixed { get; } = new(7071, 7080, 10000, 10001, 10002);

    /// <summary>
    /// Five ports that nobody listens on. They lie below the range from which systems give ports to outgoing connections,
    /// so that none is taken between this check and the start of the part.
    /// </summary>
    public static LocalPorts FindFree()
    {
        var free = new HashSet<int>();
        while (free.Count < 5)
        {
            var port = Random.Shared.Next(20000, 32000);
            if (IsFree(port))
            {
                free.Add(port);
            }
        }

        return free.ToArray() is [var app, var emulator, var blob, var queue, var table]
            ? new LocalPorts(app, emulator, blob, queue, table)
            : throw new InvalidOperationException();
    }

    /// <summary>Waits for the ports, and throws one sentence that names the port and the part when another program keeps one.</summary>
    public async Task WaitUntilFreeAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (long)(patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (TimeProvider.System.GetTimestamp() < deadline && !AreFree())
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        ThrowIfBusy();
    }

    private bool AreFree() => IsFree(App) && IsFree(Emulator) && IsFree(Blob) && IsFree(Queue) && IsFree(Table);

    private void ThrowIfBusy()
    {
        foreach (var (port, part) in new[]
                 {
                     (App, "the app"), (Emulator, "the Clipia emulator"), (Blob, "Azurite's blob service"),
                     (Queue, "Azurite's queue service"), (Table, "Azurite's table service"),
                 })
        {
            if (!IsFree(port))
            {
                throw new StackException($"Port {port}, which {part} needs, is in use by another program; stop that program and try again.");
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Binding, not connecting: a port that is bound but not yet listening is taken as well.
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
