namespace ClipiaFlows.LocalRuntime.Durable.Execution;

internal sealed class NonDeterminismException(string message) : Exception(message);
