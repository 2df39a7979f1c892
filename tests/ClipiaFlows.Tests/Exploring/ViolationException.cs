namespace ClipiaFlows.Tests.Exploring;

/// <summary>Something happened that must never happen.</summary>
public sealed class ViolationException(string message) : Exception(message);
