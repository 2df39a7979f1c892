using System.CommandLine;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows reject BATCH</c>.</summary>
internal static class RejectCommand
{
    public static Command Create() => Control.Create("reject", "Drop the jobs that wait for the approval of the sample.", "rejected; the batch is canceling.");
}
