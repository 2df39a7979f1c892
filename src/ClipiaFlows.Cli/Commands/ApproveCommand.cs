using System.CommandLine;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows approve BATCH</c>.</summary>
internal static class ApproveCommand
{
    public static Command Create() => Control.Create("approve", "Release the jobs that wait for the approval of the sample.", "approved; the other jobs are released.");
}
