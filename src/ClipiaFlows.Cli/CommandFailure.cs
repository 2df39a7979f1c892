namespace ClipiaFlows.Cli;

/// <summary>A failure that the user can act on: its message is shown as it is, without a stack trace.</summary>
internal sealed class CommandFailure(string message, int exitCode = ExitCodes.Failed, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
