namespace ClipiaFlows.Cli.Stack;

/// <summary>The local stack cannot be started. The message is one sentence for the person at the keyboard.</summary>
internal sealed class StackException(string message, Exception? inner = null) : Exception(message, inner);
