namespace ClipiaFlows.Cli;

/// <summary>A failure that the user can act on: its message is shown as it is, without a stack trace.</summary>
internal sealed class CommandFailure(string message, int exitCode = ExitCodes.Failed, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the app answered, for machines; <c>null</c> when it said nothing that is JSON.</summary>
    public string? Answer { get; init; }

    /// <summary>The same failure in other words.</summary>
    public CommandFailure With(string message) => new(message, ExitCode, this) { Answer = Answer };

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
