using ClipiaFlows.LocalRuntime.Durable.Execution;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>Something that has happened to an instance and waits for its next turn.</summary>
/// <param name="Key">The instance.</param>
/// <param name="Generation">The execution that it is for, <see cref="AnyGeneration"/> for whichever runs.</param>
/// <param name="Event">What happened. An event from the inbox has its place there as stamp.</param>
internal sealed record Message(long Key, long Generation, HistoryEvent Event)
{
    public const long AnyGeneration = -1;
}
