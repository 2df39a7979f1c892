using System.CommandLine;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows pause BATCH</c>.</summary>
internal static class PauseCommand
{
    public static Command Create() => Control.Create("pause", "Stop submitting jobs of a batch; what is paid for is still collected.", "paused.");
}
